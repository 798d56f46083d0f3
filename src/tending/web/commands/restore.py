from pathlib import Path

import click

from tending.web.commands.ready import set_up


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of the records that are here now.")
def command(archive: Path, replace: bool) -> None:
    """Bring a backup back. Every digest is checked before anything is changed. Stop the site and worker first."""
    import django

    django.setup()
    from django.conf import settings

    from tending.web.backup import BackupTrouble, bring_back

    settings.HOME.mkdir(parents=True, exist_ok=True)
    try:
        manifest = bring_back(source=archive, replace=replace, progress=click.echo)
    except BackupTrouble as trouble:
        raise click.ClickException(str(trouble)) from trouble
    set_up()
    from tending.base.audit import seal

    verdict = seal.verify()
    click.echo(
        f"Back to {manifest.made_at}: {len(manifest.files)} files. Audit trail: {verdict.n_events} sealed events, "
    )
    click.echo("whole." if verdict.whole else verdict.broken)
