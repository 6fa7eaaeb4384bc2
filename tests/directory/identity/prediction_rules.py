"""Finds the row of the table that applies to an act, and predicts the outcome."""

from prediction import Account, Outcome, World

REFUSED = Outcome("refused")


# ---------------------------------------------------------------------- SCIM
def find_clashes(world: World, object_id: str | None, name: str | None, but: str = ""):
    """Return the cells of all people whose name or object ID is the same."""
    found = []
    other = world.find_by_name(name) if name else None
    if other is not None and other.id != but:
        found.append(
            world.look_up("SCIM creates another person with their user name", other)
        )
    for each in world.holders(object_id):
        which = "linked" if each.linked == object_id else "provisioned"
        act = f"SCIM creates another person with the {which} object ID"
        if each.id != but:
            found.append(world.look_up(act, each))
    return found


def find_refusal(cells) -> Outcome | None:
    refusing = [each for each in cells if "409" in each]
    if not refusing:
        return None
    opens = {"conflict" in each for each in refusing}
    return Outcome("409", opens.pop() if len(opens) == 1 else None)


def create(world: World, name: str, object_id: str | None, made: str | None) -> Outcome:
    linked = world.find_by_name(name)
    if linked is not None and linked.awaited and linked.provisioned == object_id:
        linked.awaited = None  # SCIM continues with the account
        return Outcome("201")
    cells = find_clashes(world, object_id, name)
    refused = find_refusal(cells)
    if refused:
        return refused
    add_provisioned(world, Account(made, name, "provisioned", provisioned=object_id))
    return Outcome("201", any("conflict" in each for each in cells))


def add_provisioned(world: World, account: Account) -> None:
    """Add a provisioned person, whom an earlier block applies to, but no deletion."""
    account.is_blocked = bool(world.blocks_of_gone(account))
    world.accounts[account.id] = account
    world.forget_deleted(account)


def change_external_id(world: World, account: Account, new: str | None) -> Outcome:
    if account.awaited and new != account.provisioned:
        return Outcome("409", True)
    if account.source == "local":
        act = "SCIM changes another attribute"
        return world.apply(world.look_up(act, account), account)
    cells = (
        find_clashes(world, new, None, account.id) if new != account.provisioned else []
    )
    refused = find_refusal(cells)
    words = world.look_up(row_of_change(account, new), account)
    if "409" in words:
        return Outcome("409", True)
    if refused:
        return refused
    was, account.provisioned = account.provisioned, new
    outcome = world.apply(words, account)
    if outcome.has_conflict and new is None and was is None:
        outcome.has_conflict = False  # it was no object ID before
    if any("conflict" in each for each in cells):
        outcome.has_conflict = True
    if new != was and account.disagrees and not account.is_confirmed:
        account.sessions = 0
    return outcome


def row_of_change(account: Account, new: str | None) -> str:
    if new == account.provisioned:
        return "SCIM changes another attribute"
    act = "SCIM changes externalId to"
    if account.linked is None:
        return f"{act} another object ID, no account linked"
    if new == account.linked:
        return f"{act} the linked object ID"
    return f"{act} {'another' if new else 'no'} object ID, an account linked"


def change_other_attribute(world: World, account: Account) -> Outcome:
    account.awaited = None
    words = world.look_up("SCIM changes another attribute", account)
    return world.apply(words, account)


def set_active(world: World, account: Account, active: bool) -> Outcome:
    if account.source != "local" and account.active is active:
        return Outcome("200")
    if active:
        outcome = change_other_attribute(world, account)
    else:
        account.awaited = None
        outcome = world.apply(world.look_up("SCIM disables", account), account)
    if outcome.answer == "200":
        account.active = active
    return outcome


def delete(world: World, account: Account) -> Outcome:
    return world.apply(world.look_up("SCIM deletes", account), account)


def add_member(world: World, account: Account) -> Outcome:
    words = world.look_up("SCIM adds to a mapped group", account)
    if account.is_member:
        return Outcome("200")  # already a member
    was, account.awaited = account.role, None
    outcome = world.apply(words, account)
    if outcome.answer == "200":
        account.is_member = True
        account.is_mapped = account.is_mapped or was == "user"
    return outcome


def add_to_other_group(world: World, account: Account) -> Outcome:
    """Predict adding to a group without a mapping: another change, but 400, not 404."""
    if account.source == "local":
        return Outcome("400")
    return change_other_attribute(world, account)


def remove_member(world: World, account: Account) -> Outcome:
    if not account.is_member:
        return Outcome("200")
    account.is_member = False
    if not account.is_mapped:
        return Outcome("200")
    act = "SCIM removes from the mapped group that gave the role"
    return world.apply(world.look_up(act, account), account)


# ---------------------------------------------------------------------- Microsoft
def sign_in(world: World, object_id: str, name: str, made: str | None) -> Outcome:
    """Apply the first row that matches, in the order of the design."""
    account = world.find_linked(object_id)
    said = [each for each in world.accounts.values() if each.provisioned == object_id]
    if account is not None:
        words = row_of_linked(world, account, said)
    elif world.has_block(object_id):
        return REFUSED
    elif said:
        account = said[0]
        words = row_of_said(world, said)
    else:
        account = world.find_by_name(name)
        if account is None:
            return create_at_first_sign_in(world, object_id, name, made)
        words = row_of_name(world, account)
    if "in" not in words:
        return world.apply(words, account)
    if not account.may_sign_in:
        return REFUSED
    outcome = world.apply(words, account, object_id)
    world.apply_mapping(account)
    account.sessions += 1
    return outcome


def row_of_linked(world, account, said):
    if account.disagrees:
        act = "Sign-in with the linked account, the provisioned object ID differs"
        if account.confirmed == account.linked:
            act = "The same, the linked account is confirmed"
        return world.look_up(act, account)
    if len(said) > 1 and account.provisioned == account.linked:
        act = (
            "Sign-in with the provisioned object ID of two people, their account linked"
        )
        return world.look_up(act, account)
    act = "Sign-in with the linked account, the provisioned object ID equal or absent"
    words = world.look_up(act, account)
    return (*words, "conflict") if said and said != [account] else words


def row_of_said(world, said):
    account = said[0]
    if len(said) > 1:
        act = "Sign-in with the provisioned object ID of two people, no account linked"
    elif account.linked is not None:
        act = "Sign-in with the provisioned object ID, another account linked"
    elif account.is_mapped or account.confirmed == account.provisioned:
        act = "The same, confirmed or with the role by a mapping"
    else:
        act = "Sign-in with the provisioned object ID, no account linked"
    return world.look_up(act, account)


def row_of_name(world, account):
    act = "Sign-in with only the same user name, matching"
    if not world.matching:
        return world.look_up(f"{act} off", account)
    has_one = account.linked or account.provisioned
    known = "an object ID" if has_one else "no object ID"
    return world.look_up(f"{act} on, {known} known", account)


def create_at_first_sign_in(world, object_id, name, made) -> Outcome:
    """Create a person if the options allow it, and nobody was deleted or blocked."""
    was_deleted = any(
        object_id in ids or (not ids and of == name)
        for ids, of in world.deleted.values()
    )
    if not world.creating or was_deleted or world.has_block(name):
        return REFUSED
    account = Account(made, name, "provisioned", provisioned=object_id)
    account.linked, account.sessions = object_id, 1
    world.accounts[made] = account
    return Outcome("in")


# ---------------------------------------------------------------------- the owner
def connect(world: World, account: Account, object_id: str, name: str) -> Outcome:
    if world.has_block(object_id):
        return REFUSED
    act, owners = "", [each for each in world.holders(object_id) if each is not account]
    if owners:
        act = "The owner connects somebody else's account"
    elif account.linked:
        act = "The owner connects a second account"
    elif account.provisioned not in (None, object_id):
        act = "The owner connects an account, the provisioned object ID differs"
    else:
        other = "their" if name == account.name else "another"
        act = f"The owner connects an account with {other} user name"
    outcome = world.apply(world.look_up(act, account), account, object_id)
    if not outcome.answer:
        world.apply_mapping(account)
    return outcome


def disconnect(world: World, account: Account) -> Outcome:
    words = world.look_up("The owner disconnects", account)
    return apply_unlinking(world, account, words)


def apply_unlinking(world, account, words) -> Outcome:
    outcome = world.apply(words, account)
    if not outcome.answer:
        world.apply_mapping(account)
    return outcome


# ---------------------------------------------------------------------- administrators
def set_role(world: World, account: Account, role: str) -> Outcome:
    if account.role == role:
        return Outcome()
    if account.is_mapped:
        return REFUSED  # the mapping would give the role again
    act = f"An administrator makes them {role}"
    if account.disagrees and role == "administrator":
        act = "The same, the provisioned object ID differs"
    words = world.look_up(act, account)
    outcome = world.apply(words, account)
    if not outcome.answer:
        account.role, account.sessions = role, 0
        account.is_emergency = account.is_emergency and role == "administrator"
    return outcome


def block(world: World, account: Account, blocked: bool) -> Outcome:
    if account.is_blocked is blocked:
        return Outcome()
    account.is_blocked = blocked
    if not blocked:
        for gone in [account.id, *world.blocks_of_gone(account)]:
            world.blocks.pop(gone, None)
        return Outcome()
    world.set_block(account)
    return world.apply(world.look_up("An administrator blocks", account), account)


def confirm(world: World, account: Account, object_id: str) -> Outcome:
    if account.provisioned != object_id or world.find_linked(object_id) not in (
        None,
        account,
    ):
        return REFUSED  # it is not provisioned, or is linked to somebody else
    if account.disagrees:
        words = world.look_up("The same, another account linked", account)
        return apply_unlinking(world, account, words)
    act = "An administrator confirms the provisioned object ID"
    return world.apply(world.look_up(act, account), account)


def forget(world: World, account: Account) -> Outcome:
    if account.linked is None:
        return REFUSED
    act = "An administrator unlinks the Microsoft account"
    return apply_unlinking(world, account, world.look_up(act, account))


def emergency(world: World, account: Account, granted: bool) -> Outcome:
    if account.is_emergency is granted:
        return Outcome()
    if granted:
        which = "no" if account.linked is None else "an"
        act = f"An administrator grants emergency access, {which} account linked"
        outcome = world.apply(world.look_up(act, account), account)
        account.is_emergency = not outcome.answer
        return outcome
    account.is_emergency = False
    return Outcome()


def link(world: World, account: Account, external_id: str, object_id: str) -> Outcome:
    """Predict a link with whom SCIM just sent; a conflict may stay open."""
    act = "An administrator links them with whom SCIM sent, the linked object ID"
    differs = account.linked not in (None, object_id)
    words = world.look_up(
        f"{act} {'differs' if differs else 'equal or absent'}", account
    )
    others = [each for each in world.holders(object_id) if each is not account]
    has_block = world.has_block(object_id) or world.has_block(account.name)
    if account.is_blocked or has_block or others or "refused" in words:
        return Outcome("refused", None)
    world.apply(words, account)
    account.provisioned, account.awaited = object_id, external_id
    world.forget_deleted(account)
    return Outcome("", None)


def rename(world: World, account: Account, name: str) -> Outcome:
    words = world.look_up("An administrator renames", account)
    if "renamed" in words and world.find_by_name(name):
        return REFUSED
    outcome = world.apply(words, account)
    if not outcome.answer:
        account.name = name
    return outcome


def set_active_here(world: World, account: Account, active: bool) -> Outcome:
    words = world.look_up("An administrator disables", account)
    if "refused" in words:
        return REFUSED
    if not active and account.active:
        world.apply(words, account)
    account.active = active
    return Outcome()


def delete_here(world: World, account: Account) -> Outcome:
    words = world.look_up("An administrator deletes", account)
    return world.apply(words, account)
