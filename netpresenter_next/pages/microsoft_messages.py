"""The messages for each outcome of a sign-in with Microsoft."""

from typing import NamedTuple


class Message(NamedTuple):
    """The page for one outcome; ``may_retry`` shows the sign-in button again."""

    status: int
    title: str
    what: str
    advice: str
    may_retry: bool = True


MESSAGES = {
    "not_set_up": Message(
        404,
        "Sign-in with Microsoft is not set up",
        "No Microsoft Entra ID directory is configured on this server yet.",
        "Sign in with your local account, or ask an administrator.",
        may_retry=False,
    ),
    "no_address": Message(
        409,
        "Sign-in with Microsoft needs the public address",
        "The public https address of this server is not configured, and Microsoft "
        "sends people back to no other address.",
        "Ask an administrator to set NETPRESENTER_BASE_URL and restart the server.",
        may_retry=False,
    ),
    "expired": Message(
        400,
        "This sign-in attempt has expired",
        "It was started in another browser, was already completed, or took too long.",
        "Try again, and click only once.",
    ),
    "changed": Message(
        403,
        "The signed-in account has changed",
        "While you were at Microsoft, somebody signed in or out in this browser, or "
        "your account lost its role.",
        "Begin again.",
        may_retry=False,
    ),
    "cancelled": Message(
        403,
        "Sign-in was cancelled",
        "You, or Microsoft, stopped the sign-in before it was complete.",
        "Try again, and accept the permissions that Microsoft asks for.",
    ),
    "not_assigned": Message(
        403,
        "You have not been given access",
        "Your organisation has not given your account access to Netpresenter Next.",
        "Ask your administrator, who assigns people under Enterprise applications > "
        "Users and groups.",
    ),
    "consent": Message(
        403,
        "Your organisation has to give consent first",
        "No administrator of Microsoft Entra ID has granted consent for Netpresenter "
        "Next yet.",
        "Ask your administrator: the admin-consent link is under Settings > System > "
        "Microsoft Entra ID.",
    ),
    "policy": Message(
        403,
        "Your organisation's policy blocked the sign-in",
        "Microsoft does not allow you to sign in on this device, from this place, or "
        "in this way.",
        "Try a device that your organisation manages, or ask your administrator.",
    ),
    "too_slow": Message(
        400,
        "That took too long",
        "Microsoft's answer was already used or has expired.",
        "Try again.",
    ),
    "credentials": Message(
        503,
        "Sign-in with Microsoft does not work at the moment",
        "Microsoft does not accept the client secret or certificate of this server.",
        "Tell an administrator: the client secret or certificate is wrong or has "
        "expired. You can still sign in with a local account.",
    ),
    "unknown_app": Message(
        503,
        "Sign-in with Microsoft does not work at the moment",
        "Microsoft does not recognise the application (client) ID of this server.",
        "Tell an administrator: the application (client) ID is wrong. You can still "
        "sign in with a local account.",
    ),
    "unreachable": Message(
        503,
        "Microsoft could not be reached",
        "This server got no answer from Microsoft, or one that it does not understand.",
        "Try again in a moment. You can still sign in with a local account.",
    ),
    "wait": Message(
        429,
        "One moment, please",
        "Many people are signing in right now. This page tries again automatically.",
        "Keep this page open. If nothing happens, reload it.",
        may_retry=False,
    ),
    "clock": Message(
        400,
        "The server's clock may be wrong",
        "According to this server's clock, Microsoft's answer is not valid yet or "
        "has expired.",
        "Try again. If it happens again, ask an administrator to check the server's "
        "clock.",
    ),
    "rejected": Message(
        400,
        "Microsoft's answer could not be verified",
        "Microsoft's answer does not match what this server asked for, so nobody was "
        "signed in.",
        "Try again. If it happens again, tell an administrator: the server's log has "
        "the details.",
    ),
    "not_provisioned": Message(
        403,
        "There is no account here for you yet",
        "Your Microsoft account has no account in Netpresenter Next yet. "
        "Provisioning creates accounts, and runs about every 40 minutes once it is "
        "set up.",
        "If you were assigned less than an hour ago, try again later. Otherwise, "
        "give your administrator the reference below. If you have a local account, "
        "sign in with it and connect Microsoft under My account.",
    ),
    "conflict": Message(
        403,
        "An administrator has to check your account",
        "You cannot sign in until an administrator has checked your account.",
        "Give an administrator the reference below.",
    ),
    "disabled": Message(
        403,
        "Your account is disabled",
        "Your account in Netpresenter Next is disabled.",
        "Ask your administrator.",
    ),
    "other_person": Message(
        403,
        "That is a different account",
        "The account you chose at Microsoft belongs to a different person than the "
        "one signed in here.",
        "At Microsoft, choose the account that is connected with your account here.",
        may_retry=False,
    ),
    "not_asked": Message(
        403,
        "Microsoft did not ask you to sign in again",
        "To confirm your identity, you have to enter your password or key at "
        "Microsoft again, and Microsoft did not ask for it.",
        "Try again, and complete the sign-in at Microsoft.",
    ),
    "undated": Message(
        403,
        "Microsoft did not say when you last signed in",
        "To confirm your identity, this server needs the claim auth_time, which says "
        "when you last entered your password or key at Microsoft. Microsoft did not "
        "send it.",
        "Ask an administrator to add the optional claim auth_time in the Microsoft "
        "Entra admin center: App registrations > your application > Token "
        "configuration > Add optional claim > ID > auth_time. Then try again.",
    ),
    "approved": Message(
        200,
        "Consent granted",
        "Microsoft reports that an administrator of the directory granted consent "
        "for everybody. Nothing was changed here.",
        "Run a test sign-in under Settings > System > Microsoft Entra ID.",
        may_retry=False,
    ),
    "not_approved": Message(
        400,
        "Consent not granted",
        "Microsoft reports that consent for everybody was not granted. Nothing was "
        "changed here.",
        "Open the admin-consent link again as an administrator of the directory.",
        may_retry=False,
    ),
}

# Shown after a failed test sign-in, instead of the advice.
REPAIRS = {
    "cancelled": "Press Accept at Microsoft, or open the admin-consent link first.",
    "not_assigned": "In the Entra admin center, assign the account you tested with: "
    "Enterprise applications > your application > Users and groups.",
    "consent": "Open the admin-consent link as an administrator of the directory.",
    "policy": "The sign-in logs of the Entra admin center name the policy; search them "
    "for the correlation ID.",
    "credentials": "Enter the value of the client secret, not its ID, or upload the "
    "certificate that is in use here to the app registration. If it has expired, "
    "create a new one.",
    "unknown_app": "Copy the application (client) ID from the app registration.",
    "unreachable": "Check the cloud and the directory (tenant) ID, and that the "
    "firewall and proxy of this server allow https requests to Microsoft.",
    "clock": "Set the clock of this server: it must be right to within a minute.",
    "rejected": "Check the application (client) ID and the directory (tenant) ID.",
    "too_slow": "Try again. If it happens again, check this server's clock.",
}
