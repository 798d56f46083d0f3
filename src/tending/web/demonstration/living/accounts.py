"""Everybody who works at the demonstration provider can sign in, all with the one password that is shown."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tending.base.access.models import Account
from tending.base.people.models import Staff
from tending.web.demonstration.sign_ins import PASSWORD


@transaction.atomic
def open_accounts() -> dict[int, Account]:
    """One account for each member of staff with an address; staff number to account.

    The password is hashed once: argon2 is slow on purpose, and here it protects nothing.
    """
    hashed = make_password(PASSWORD)
    staff = list(Staff.objects.exclude(email="").filter(account=None).order_by("pk"))
    Account.objects.bulk_create([Account(email=one.email.lower(), password=hashed) for one in staff])
    accounts = {account.email: account for account in Account.objects.all()}
    for one in staff:
        one.account = accounts[one.email.lower()]
    Staff.objects.bulk_update(staff, ["account"])
    return {one.pk: accounts[one.email.lower()] for one in staff}
