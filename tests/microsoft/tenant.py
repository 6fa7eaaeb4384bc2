"""The directory, the application and the people that these tests know."""

from netpresenter_next.microsoft.claims import Claims

TENANT = "11111111-2222-3333-4444-5555aaaabbbb"
CLIENT = "66666666-7777-8888-9999-aaaaaaaaaaaa"
SECRET = "hush~this.is_the-client-secret"
JANE = "0000aaaa-1111-2222-3333-444444444444"
OTHER = "ffff0000-1111-2222-3333-444444444444"


def claims_of(object_id=JANE, user_name="jane@example.org", **more):
    return Claims(TENANT, object_id, "pairwise", user_name, "Jane", **more)
