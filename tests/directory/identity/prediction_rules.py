"""Which row of the table applies to an act in a world, and so what it comes to."""

from prediction import Account, Outcome, World

REFUSED = Outcome("refused")


# ---------------------------------------------------------------------- SCIM
def clashes(world: World, object_id: str | None, name: str | None, but: str = ""):
    """Return the cells of everybody with whom a create or change clashes."""
    found = []
    other = world.named(name) if name else None
    if other is not None and other.id != but:
        found.append(world.look_up("SCIM creates somebody with their user name", other))
    for each in world.holders(object_id):
        which = "that is linked" if each.linked == object_id else "provisioning says"
        act = f"SCIM creates somebody with the object ID {which}"
        if each.id != but:
            found.append(world.look_up(act, each))
    return found


def refusal(cells) -> Outcome | None:
    refusing = [each for each in cells if "409" in each]
    if not refusing:
        return None
    opens = {"conflict" in each for each in refusing}
    return Outcome("409", opens.pop() if len(opens) == 1 else None)


def create(world: World, name: str, object_id: str | None, made: str | None) -> Outcome:
    cells = clashes(world, object_id, name)
    refused = refusal(cells)
    if refused:
        return refused
    come_back(world, Account(made, name, "provisioned", says=object_id))
    return Outcome("201", any("conflict" in each for each in cells))


def come_back(world: World, account: Account) -> None:
    """Add somebody; a block of before concerns them, a deletion no more."""
    account.is_blocked = bool(world.blocks_of_gone(account))
    world.accounts[account.id] = account
    for gone, (ids, name) in list(world.deleted.items()):
        is_theirs = account.says in ids or (not ids and name == account.name)
        if is_theirs and gone not in world.blocks:
            del world.deleted[gone]


def change_external_id(world: World, account: Account, new: str | None) -> Outcome:
    if account.source == "local":
        act = "SCIM changes something else"
        return world.apply(world.look_up(act, account), account)
    cells = clashes(world, new, None, account.id) if new != account.says else []
    refused = refusal(cells)
    words = world.look_up(row_of_change(account, new), account)
    if "409" in words:
        return Outcome("409", True)
    if refused:
        return refused
    was, account.says = account.says, new
    outcome = world.apply(words, account)
    if outcome.has_conflict and new is None and was is None:
        outcome.has_conflict = False  # it was no object ID before
    if any("conflict" in each for each in cells):
        outcome.has_conflict = True
    if new != was and account.disagrees and not account.is_confirmed:
        account.sessions = 0
    return outcome


def row_of_change(account: Account, new: str | None) -> str:
    if new == account.says:
        return "SCIM changes something else"
    act = "SCIM changes externalId to"
    if account.linked is None:
        return f"{act} another object ID, nobody linked"
    if new == account.linked:
        return f"{act} the linked object ID"
    return f"{act} {'another' if new else 'no'} object ID, one linked"


def change_else(world: World, account: Account) -> Outcome:
    words = world.look_up("SCIM changes something else", account)
    return world.apply(words, account)


def set_active(world: World, account: Account, active: bool) -> Outcome:
    if account.source != "local" and account.active is active:
        return Outcome("200")
    if active:
        outcome = change_else(world, account)
    else:
        outcome = world.apply(world.look_up("SCIM disables", account), account)
    if outcome.answer == "200":
        account.active = active
    return outcome


def delete(world: World, account: Account) -> Outcome:
    return world.apply(world.look_up("SCIM deletes", account), account)


def add_member(world: World, account: Account) -> Outcome:
    words = world.look_up("SCIM adds to a mapped group", account)
    if account.is_member:
        return Outcome("200")  # who is in already stays
    was = account.role
    outcome = world.apply(words, account)
    if outcome.answer == "200":
        account.is_member = True
        account.is_mapped = account.is_mapped or was == "user"
    return outcome


def join(world: World, account: Account) -> Outcome:
    """Be put into a group that gives no role: a change like any other, but for 404."""
    if account.source == "local":
        return Outcome("400")
    return change_else(world, account)


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
    """Apply the row that comes first in the order of the design."""
    account = world.linked_with(object_id)
    said = [each for each in world.accounts.values() if each.says == object_id]
    if account is not None:
        words = row_of_linked(world, account, said)
    elif world.holds(object_id):
        return REFUSED
    elif said:
        account = said[0]
        words = row_of_said(world, said)
    else:
        account = world.named(name)
        if account is None:
            return first_time(world, object_id, name, made)
        words = row_of_name(world, account)
    if "in" not in words:
        return world.apply(words, account)
    if not account.may_come_in:
        return REFUSED
    outcome = world.apply(words, account, object_id)
    world.follow(account)
    account.sessions += 1
    return outcome


def row_of_linked(world, account, said):
    if account.disagrees:
        act = "Microsoft: the linked account, provisioning says another"
        if account.confirmed == account.linked:
            act = "Microsoft: the same, linked and confirmed"
        return world.look_up(act, account)
    if len(said) > 1 and account.says == account.linked:
        act = "Microsoft: an object ID that provisioning says of two, theirs linked"
        return world.look_up(act, account)
    act = "Microsoft: the linked account, provisioning says the same or none"
    words = world.look_up(act, account)
    return (*words, "conflict") if said and said != [account] else words


def row_of_said(world, said):
    account = said[0]
    if len(said) > 1:
        act = "Microsoft: an object ID that provisioning says of two, nobody linked"
    elif account.linked is not None:
        act = "Microsoft: the object ID provisioning says, another linked"
    elif account.is_mapped or account.confirmed == account.says:
        act = "Microsoft: the same, confirmed or with the role by a mapping"
    else:
        act = "Microsoft: the object ID provisioning says, nobody linked"
    return world.look_up(act, account)


def row_of_name(world, account):
    act = "Microsoft: another account of their user name, matching"
    if not world.matching:
        return world.look_up(f"{act} off", account)
    has_one = account.linked or account.says
    known = "an object ID known" if has_one else "no object ID"
    return world.look_up(f"{act} on, {known}", account)


def first_time(world, object_id, name, made) -> Outcome:
    """By choice, a new person; but nobody whom provisioning deleted, or blocked."""
    was_deleted = any(
        object_id in ids or (not ids and of == name)
        for ids, of in world.deleted.values()
    )
    if not world.creating or was_deleted or world.holds(name):
        return REFUSED
    account = Account(made, name, "provisioned", says=object_id)
    account.linked, account.sessions = object_id, 1
    world.accounts[made] = account
    return Outcome("in")


# ---------------------------------------------------------------------- the owner
def connect(world: World, account: Account, object_id: str, name: str) -> Outcome:
    if world.holds(object_id):
        return REFUSED
    act, owners = "", [each for each in world.holders(object_id) if each is not account]
    if owners:
        act = "The owner connects somebody else's account"
    elif account.linked:
        act = "The owner connects a second account"
    elif account.says not in (None, object_id):
        act = "The owner connects another account than provisioning says"
    else:
        other = "their" if name == account.name else "another"
        act = f"The owner connects an account of {other} user name"
    outcome = world.apply(world.look_up(act, account), account, object_id)
    if not outcome.answer:
        world.follow(account)
    return outcome


def disconnect(world: World, account: Account) -> Outcome:
    words = world.look_up("The owner disconnects", account)
    return unlinked(world, account, words)


def unlinked(world, account, words) -> Outcome:
    outcome = world.apply(words, account)
    if not outcome.answer:
        world.follow(account)
    return outcome


# ---------------------------------------------------------------------- administrators
def set_role(world: World, account: Account, role: str) -> Outcome:
    if account.role == role:
        return Outcome()
    if account.is_mapped:
        return REFUSED  # the mapping would do so again
    act = f"An administrator makes them {role}"
    if account.disagrees and role == "administrator":
        act = "The same, another linked than provisioning says"
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
    if account.says != object_id or world.linked_with(object_id) not in (None, account):
        return REFUSED  # it is not said, or signs in as somebody else
    if account.disagrees:
        words = world.look_up("The same, another linked", account)
        return unlinked(world, account, words)
    act = "An administrator confirms the object ID provisioning says"
    return world.apply(world.look_up(act, account), account)


def forget(world: World, account: Account) -> Outcome:
    if account.linked is None:
        return REFUSED
    act = "An administrator forgets the Microsoft identity"
    return unlinked(world, account, world.look_up(act, account))


def emergency(world: World, account: Account, granted: bool) -> Outcome:
    if account.is_emergency is granted:
        return Outcome()
    if granted:
        which = "nobody" if account.linked is None else "one"
        act = f"An administrator grants emergency access, {which} linked"
        outcome = world.apply(world.look_up(act, account), account)
        account.is_emergency = not outcome.answer
        return outcome
    account.is_emergency = False
    return Outcome()


def rename(world: World, account: Account, name: str) -> Outcome:
    words = world.look_up("An administrator renames", account)
    if "renamed" in words and world.named(name):
        return REFUSED
    outcome = world.apply(words, account)
    if not outcome.answer:
        account.name = name
    return outcome
