"""Make the demonstration provider in whatever database the environment names: the journeys run on both."""

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tending.base import clock
    from tending.web.demonstration.living import making
    from tending.web.demonstration.living.home import Made
    from tests.journeys.conftest import DAYS, PEOPLE

    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    making.make(Made(clock.today().isoformat(), PEOPLE, 20, DAYS))


if __name__ == "__main__":
    main()
