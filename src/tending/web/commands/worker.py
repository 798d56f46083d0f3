import click

from tending.web.commands.ready import set_up


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting now, then stop.")
def command(once: bool) -> None:
    """Keep the loop turning: bring in files, notice, open reviews, escalate. Runs until stopped.

    Any number of workers may run; work is never done twice and never lost when one is killed.
    """
    set_up()
    from tending.web import worker

    worker.run(once=once)
