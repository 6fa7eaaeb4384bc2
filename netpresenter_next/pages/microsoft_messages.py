"""The messages for each outcome of a sign-in with Microsoft."""

from typing import NamedTuple

from netpresenter_next.lib.translation import marked


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
        marked("Sign-in with Microsoft is not set up"),
        marked("No Microsoft Entra ID directory is configured on this server yet."),
        marked("Sign in with your local account, or ask an administrator."),
        may_retry=False,
    ),
    "no_address": Message(
        409,
        marked("Sign-in with Microsoft needs the public address"),
        marked(
            "The public https address of this server is not configured, and Microsoft "
            "sends people back to no other address."
        ),
        marked(
            "Ask an administrator to set NETPRESENTER_BASE_URL and restart the server."
        ),
        may_retry=False,
    ),
    "expired": Message(
        400,
        marked("This sign-in attempt has expired"),
        marked(
            "It was started in another browser, was already completed, or took too "
            "long."
        ),
        marked("Try again, and click only once."),
    ),
    "changed": Message(
        403,
        marked("The signed-in account has changed"),
        marked(
            "While you were at Microsoft, somebody signed in or out in this browser, "
            "or your account lost its role."
        ),
        marked("Begin again."),
        may_retry=False,
    ),
    "cancelled": Message(
        403,
        marked("Sign-in was cancelled"),
        marked("You, or Microsoft, stopped the sign-in before it was complete."),
        marked("Try again, and accept the permissions that Microsoft asks for."),
    ),
    "not_assigned": Message(
        403,
        marked("You have not been given access"),
        marked(
            "Your organisation has not given your account access to Netpresenter Next."
        ),
        marked(
            "Ask your administrator, who assigns people under Enterprise applications "
            "> Users and groups."
        ),
    ),
    "consent": Message(
        403,
        marked("Your organisation has to give consent first"),
        marked(
            "No administrator of Microsoft Entra ID has granted consent for "
            "Netpresenter Next yet."
        ),
        marked(
            "Ask your administrator: the admin-consent link is under Settings > System "
            "> Microsoft Entra ID."
        ),
    ),
    "policy": Message(
        403,
        marked("Your organisation's policy blocked the sign-in"),
        marked(
            "Microsoft does not allow you to sign in on this device, from this place, "
            "or in this way."
        ),
        marked(
            "Try a device that your organisation manages, or ask your administrator."
        ),
    ),
    "too_slow": Message(
        400,
        marked("That took too long"),
        marked("Microsoft's answer was already used or has expired."),
        marked("Try again."),
    ),
    "credentials": Message(
        503,
        marked("Sign-in with Microsoft does not work at the moment"),
        marked(
            "Microsoft does not accept the client secret or certificate of this server."
        ),
        marked(
            "Tell an administrator: the client secret or certificate is wrong or has "
            "expired. You can still sign in with a local account."
        ),
    ),
    "unknown_app": Message(
        503,
        marked("Sign-in with Microsoft does not work at the moment"),
        marked(
            "Microsoft does not recognise the application (client) ID of this server."
        ),
        marked(
            "Tell an administrator: the application (client) ID is wrong. You can "
            "still sign in with a local account."
        ),
    ),
    "unreachable": Message(
        503,
        marked("Microsoft could not be reached"),
        marked(
            "This server got no answer from Microsoft, or one that it does not "
            "understand."
        ),
        marked("Try again in a moment. You can still sign in with a local account."),
    ),
    "wait": Message(
        429,
        marked("One moment, please"),
        marked(
            "Many people are signing in right now. This page tries again automatically."
        ),
        marked("Keep this page open. If nothing happens, reload it."),
        may_retry=False,
    ),
    "clock": Message(
        400,
        marked("The server's clock may be wrong"),
        marked(
            "According to this server's clock, Microsoft's answer is not valid yet or "
            "has expired."
        ),
        marked(
            "Try again. If it happens again, ask an administrator to check the "
            "server's clock."
        ),
    ),
    "rejected": Message(
        400,
        marked("Microsoft's answer could not be verified"),
        marked(
            "Microsoft's answer does not match what this server asked for, so nobody "
            "was signed in."
        ),
        marked(
            "Try again. If it happens again, tell an administrator: the server's log "
            "has the details."
        ),
    ),
    "not_provisioned": Message(
        403,
        marked("There is no account here for you yet"),
        marked(
            "Your Microsoft account has no account in Netpresenter Next yet. "
            "Provisioning creates accounts, and runs about every 40 minutes once it is "
            "set up."
        ),
        marked(
            "If you were assigned less than an hour ago, try again later. Otherwise, "
            "give your administrator the reference below. If you have a local account, "
            "sign in with it and connect Microsoft under My account."
        ),
    ),
    "conflict": Message(
        403,
        marked("An administrator has to check your account"),
        marked("You cannot sign in until an administrator has checked your account."),
        marked("Give an administrator the reference below."),
    ),
    "disabled": Message(
        403,
        marked("Your account is disabled"),
        marked("Your account in Netpresenter Next is disabled."),
        marked("Ask your administrator."),
    ),
    "other_person": Message(
        403,
        marked("That is a different account"),
        marked(
            "The account you chose at Microsoft belongs to a different person than the "
            "one signed in here."
        ),
        marked(
            "At Microsoft, choose the account that is connected with your account here."
        ),
        may_retry=False,
    ),
    "not_asked": Message(
        403,
        marked("Microsoft did not ask you to sign in again"),
        marked(
            "To confirm your identity, you have to enter your password or key at "
            "Microsoft again, and Microsoft did not ask for it."
        ),
        marked("Try again, and complete the sign-in at Microsoft."),
    ),
    "undated": Message(
        403,
        marked("Microsoft did not say when you last signed in"),
        marked(
            "To confirm your identity, this server needs the claim auth_time, which "
            "says when you last entered your password or key at Microsoft. Microsoft "
            "did not send it."
        ),
        marked(
            "Ask an administrator to add the optional claim auth_time in the Microsoft "
            "Entra admin center: App registrations > your application > Token "
            "configuration > Add optional claim > ID > auth_time. Then try again."
        ),
    ),
    "approved": Message(
        200,
        marked("Consent granted"),
        marked(
            "Microsoft reports that an administrator of the directory granted consent "
            "for everybody. Nothing was changed here."
        ),
        marked("Run a test sign-in under Settings > System > Microsoft Entra ID."),
        may_retry=False,
    ),
    "not_approved": Message(
        400,
        marked("Consent not granted"),
        marked(
            "Microsoft reports that consent for everybody was not granted. Nothing was "
            "changed here."
        ),
        marked(
            "Open the admin-consent link again as an administrator of the directory."
        ),
        may_retry=False,
    ),
}

# Shown after a failed test sign-in, instead of the advice.
REPAIRS = {
    "cancelled": marked(
        "Press Accept at Microsoft, or open the admin-consent link first."
    ),
    "not_assigned": marked(
        "In the Entra admin center, assign the account you tested with: "
        "Enterprise applications > your application > Users and groups."
    ),
    "consent": marked(
        "Open the admin-consent link as an administrator of the directory."
    ),
    "policy": marked(
        "The sign-in logs of the Entra admin center name the policy; search them "
        "for the correlation ID."
    ),
    "credentials": marked(
        "Enter the value of the client secret, not its ID, or upload the "
        "certificate that is in use here to the app registration. If it has expired, "
        "create a new one."
    ),
    "unknown_app": marked(
        "Copy the application (client) ID from the app registration."
    ),
    "unreachable": marked(
        "Check the cloud and the directory (tenant) ID, and that the "
        "firewall and proxy of this server allow https requests to Microsoft."
    ),
    "clock": marked(
        "Set the clock of this server: it must be right to within a minute."
    ),
    "rejected": marked(
        "Check the application (client) ID and the directory (tenant) ID."
    ),
    "too_slow": marked("Try again. If it happens again, check this server's clock."),
}
