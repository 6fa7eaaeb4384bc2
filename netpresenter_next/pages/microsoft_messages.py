"""What came of going to Microsoft, in plain words: what happened, what to do."""

from typing import NamedTuple


class Words(NamedTuple):
    """One outcome as its page says it; ``may_retry`` shows the button again."""

    status: int
    title: str
    what: str
    advice: str
    may_retry: bool = True


WORDS = {
    "not_set_up": Words(
        404,
        "Sign-in with Microsoft is not set up",
        "This server does not know a directory of Microsoft Entra ID yet.",
        "Sign in with your local account, or ask an administrator.",
        may_retry=False,
    ),
    "no_address": Words(
        409,
        "Sign-in with Microsoft needs the public address",
        "This server does not know the https address under which people reach it, and "
        "Microsoft sends people back to no other.",
        "An administrator sets NETPRESENTER_BASE_URL and starts the server again.",
        may_retry=False,
    ),
    "expired": Words(
        400,
        "This sign-in attempt has expired",
        "It was begun in another browser, is already finished, or took too long.",
        "Try again; once is enough.",
    ),
    "changed": Words(
        403,
        "Somebody else is signed in by now",
        "While you were at Microsoft, another account was used in this browser, or "
        "yours lost its role.",
        "Begin again.",
        may_retry=False,
    ),
    "cancelled": Words(
        403,
        "Sign-in was cancelled",
        "You, or Microsoft, stopped the sign-in before it was done.",
        "Try again, and accept what Microsoft asks for.",
    ),
    "not_assigned": Words(
        403,
        "You have not been given access",
        "Your organisation has not given your account access to Netpresenter Next.",
        "Ask your administrator, who assigns people under Enterprise applications > "
        "Users and groups.",
    ),
    "consent": Words(
        403,
        "Your organisation has to approve this first",
        "An administrator of Microsoft Entra ID has not approved Netpresenter Next.",
        "Ask your administrator: Settings > System > Microsoft Entra ID has the link "
        "for it.",
    ),
    "policy": Words(
        403,
        "Your organisation's policy blocked the sign-in",
        "Microsoft lets you in, but not on this device, from here, or in this way.",
        "Try a device that your organisation manages, or ask your administrator.",
    ),
    "too_slow": Words(
        400,
        "That took too long",
        "Microsoft's answer was used already or is too old.",
        "Try again.",
    ),
    "credentials": Words(
        503,
        "Sign-in with Microsoft does not work at the moment",
        "Microsoft no longer accepts the key of this server.",
        "Tell an administrator: the client secret or certificate has expired, or is "
        "wrong. A local account still signs in.",
    ),
    "unknown_app": Words(
        503,
        "Sign-in with Microsoft does not work at the moment",
        "Microsoft does not know the application that this server says it is.",
        "Tell an administrator: the application (client) ID is wrong. A local account "
        "still signs in.",
    ),
    "unreachable": Words(
        503,
        "Microsoft could not be reached",
        "This server has no answer from Microsoft, or not one that it understands.",
        "Try again in a moment. A local account still signs in.",
    ),
    "crowded": Words(
        429,
        "One moment, please",
        "Many people sign in just now. This page tries again by itself.",
        "Do not close it; if nothing happens, reload it.",
        may_retry=False,
    ),
    "clock": Words(
        400,
        "The clocks do not agree",
        "By this server's clock, what Microsoft sent is not valid yet or not any more.",
        "Try again. If it happens again, tell an administrator to look at the clock.",
    ),
    "rejected": Words(
        400,
        "That sign-in cannot be trusted",
        "What Microsoft sent is not what this server asked for, so nobody was let in.",
        "Try again. If it happens again, tell an administrator: the log says more.",
    ),
    "not_provisioned": Words(
        403,
        "There is no account here for you yet",
        "Microsoft knows you, Netpresenter Next does not yet: people come here with "
        "provisioning, which runs about every 40 minutes once it is set up.",
        "If you were assigned less than an hour ago, try again later; else give your "
        "administrator the reference below. If you have a local account, sign in with "
        "it and connect Microsoft on its account page.",
    ),
    "conflict": Words(
        403,
        "Your account needs an administrator",
        "An administrator has to look at your account first, so nobody was let in.",
        "Give an administrator the reference below.",
    ),
    "disabled": Words(
        403,
        "Your account is disabled",
        "Microsoft knows you, but your account here is disabled.",
        "Ask your administrator.",
    ),
    "other_person": Words(
        403,
        "That is another person",
        "You are signed in here as somebody else than at Microsoft.",
        "Choose the same account at Microsoft.",
        may_retry=False,
    ),
    "not_asked": Words(
        403,
        "Microsoft did not ask who you are",
        "To confirm that it is you, Microsoft has to ask for your password or key "
        "again, and it did not.",
        "Try again, and do not go back while Microsoft asks.",
    ),
    "undated": Words(
        403,
        "Microsoft did not say when it asked who you are",
        "To confirm that it is you, Microsoft has to say when you last gave it your "
        "password or key, and it did not.",
        "An administrator adds the optional claim auth_time in the Microsoft Entra "
        "admin center: App registrations > your application > Token configuration > "
        "Add optional claim > ID > auth_time. Then try again.",
    ),
    "approved": Words(
        200,
        "Approved, says Microsoft",
        "An administrator of the directory approved Netpresenter Next for everybody. "
        "Nothing was changed here.",
        "Run a test sign-in under Settings > System > Microsoft Entra ID.",
        may_retry=False,
    ),
    "not_approved": Words(
        400,
        "Not approved, says Microsoft",
        "The approval for everybody was not given. Nothing was changed here.",
        "Open the link again as an administrator of the directory.",
        may_retry=False,
    ),
}

# What an administrator reads who tests the connection, in place of the advice.
REPAIRS = {
    "cancelled": "Press Accept at Microsoft, or open the approval link first.",
    "not_assigned": "In the Entra admin center, assign the account you tested with: "
    "Enterprise applications > your application > Users and groups.",
    "consent": "Open the approval link as an administrator of the directory.",
    "policy": "The sign-in logs of the Entra admin center name the policy; search them "
    "for the correlation ID.",
    "credentials": "Paste the value of the client secret, not its ID; or upload the "
    "certificate that is in use here. What has expired must be made anew.",
    "unknown_app": "Copy the application (client) ID from the app registration.",
    "unreachable": "Check the cloud and the directory (tenant) ID, and whether this "
    "server may call Microsoft over https: its firewall, its proxy.",
    "clock": "Set the clock of this server: it must be right to within a minute.",
    "rejected": "Check the application (client) ID and the directory (tenant) ID.",
    "too_slow": "Begin again; if it goes on happening, check this server's clock.",
}
