from pathlib import Path

import click

from tending.web.commands.ready import set_up


@click.command("backup")
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def command(archive: Path) -> None:
    """Keep everything in one file: the database and every raw submission, with digests. Safe while people work."""
    set_up(migrate=False)
    from tending.web.backup import BackupTrouble, back_up

    try:
        manifest = back_up(target=archive, progress=click.echo)
    except BackupTrouble as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(
        f"{archive}: {len(manifest.files)} files, {archive.stat().st_size / 1e6:.1f} MB. Keep it off this machine."
    )
