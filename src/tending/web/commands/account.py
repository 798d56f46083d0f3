import click

from tending.web.commands.ready import set_up


@click.command("account")
@click.argument("email")
@click.option("--staff", "staff_code", help="The staff member's id in your record system; made when it is new.")
@click.option("--name", help="Given and family name, when the staff member is new.")
@click.option("--role", help="A role to give from today, such as ADMINISTRATOR or SUPERVISOR.")
@click.option("--team", "team_code", help="The team the role is held in; without it, the whole provider.")
@click.option("--password", help="At least 12 characters. Asked for when not given.")
@click.option("--lost-phone", is_flag=True, help="Take the second step away, so that a new one can be set up.")
def command(
    email: str,
    staff_code: str | None,
    name: str | None,
    role: str | None,
    team_code: str | None,
    password: str | None,
    lost_phone: bool,
) -> None:
    """Make a sign-in for a member of staff, or set a new password for one.

    \b
    The first one, for whoever looks after Tending:
        tending account it@example.org --name "Ada Lovelace" --role ADMINISTRATOR

    \b
    For somebody without their phone and their recovery codes, once you are sure who is asking:
        tending account their@example.org --lost-phone
    """
    set_up()
    from django.core.exceptions import ValidationError

    from tending.base.people.accounts import AccountTrouble, give_account, take_second_step_away

    try:
        if lost_phone:
            click.echo(take_second_step_away(email=email))
            return
        password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        made = give_account(
            email=email, password=password, staff_code=staff_code, name=name, role=role, team_code=team_code
        )
    except (AccountTrouble, ValidationError) as trouble:
        message = " ".join(getattr(trouble, "messages", [str(trouble)]))
        raise click.ClickException(message) from trouble
    click.echo(made)
