"""What the table "Who is who" predicts: a model of all people, changed by acts.

The model is written from the table and the text around it alone, and uses no code of
the product.  Each word of the table changes the model as the design explains it.
"""

from dataclasses import dataclass, field

import table


@dataclass
class Account:
    """The model of one person."""

    id: str
    name: str
    source: str
    role: str = "user"
    is_emergency: bool = False
    # Whether the role comes from a mapping, and whether they are in the mapped group.
    is_mapped: bool = False
    is_member: bool = False
    linked: str | None = None
    # The object ID that was linked last.
    former: str | None = field(default=None, compare=False)
    provisioned: str | None = None
    # The externalId that an administrator linked, until SCIM changes the account.
    awaited: str | None = field(default=None, compare=False, kw_only=True)
    confirmed: str | None = None
    active: bool = True
    is_blocked: bool = False
    sessions: int = 0

    @property
    def kind(self) -> str:
        """Return the column of the table."""
        return "emergency access" if self.is_emergency else f"{self.source} {self.role}"

    @property
    def may_sign_in(self) -> bool:
        return self.active and not self.is_blocked

    @property
    def disagrees(self) -> bool:
        return self.linked is not None and self.provisioned not in (None, self.linked)

    @property
    def is_confirmed(self) -> bool:
        return self.role == "administrator" and self.confirmed == self.linked


@dataclass
class Outcome:
    """The predicted outcome of an act."""

    answer: str = ""
    # Is a conflict open afterwards?  None if the table leaves it open.
    has_conflict: bool | None = False


@dataclass
class World:
    """All people, the deleted ones, and the keys of every block."""

    accounts: dict[str, Account] = field(default_factory=dict)
    blocks: dict[str, set[str]] = field(default_factory=dict)
    # The object IDs and the user name of every deleted person.
    deleted: dict[str, tuple[set[str], str]] = field(default_factory=dict)
    matching: bool = False
    creating: bool = False
    # The cells that were looked up.
    seen: set[tuple[str, str]] = field(default_factory=set)

    # ------------------------------------------------------------------- looking up
    def look_up(self, act: str, account: Account) -> tuple[str, ...]:
        """Return the words of a cell, which must be one that can arise."""
        words = CELLS[act, account.kind]
        assert words != (table.CANNOT_ARISE,), f"{act} | {account.kind}"
        self.seen.add((act, account.kind))
        return words

    def holders(self, object_id: str | None) -> list[Account]:
        """Return all who have the object ID, linked or provisioned."""
        if object_id is None:
            return []
        everybody = self.accounts.values()
        return [
            each for each in everybody if object_id in (each.linked, each.provisioned)
        ]

    def find_by_name(self, name: str) -> Account | None:
        everybody = self.accounts.values()
        return next((each for each in everybody if each.name == name), None)

    def find_linked(self, object_id: str) -> Account | None:
        everybody = self.accounts.values()
        return next((each for each in everybody if each.linked == object_id), None)

    def shared(self) -> set[str]:
        """Return the provisioned object IDs that several people have."""
        said = {each.provisioned for each in self.accounts.values()} - {None}
        return {each for each in said if len(self.holders(each)) > 1}

    def has_block(self, key: str) -> bool:
        return any(key in keys for keys in self.blocks.values())

    def forget_deleted(self, account: Account) -> None:
        """Forget that a person was deleted who is here again, unless blocked."""
        for gone, (ids, name) in list(self.deleted.items()):
            is_theirs = account.provisioned in ids or (not ids and name == account.name)
            if is_theirs and gone not in self.blocks:
                del self.deleted[gone]

    # ------------------------------------------------------------------- applying
    def apply(self, words, account: Account, object_id: str | None = None) -> Outcome:
        """Change the model as the words say, and return the outcome."""
        for word in words:
            effect = getattr(self, f"_{word.replace(' ', '_')}", None)
            if effect is not None:
                effect(account, object_id)
        answers = [word for word in words if table.WORDS[word] == "answer"]
        return Outcome(answers[0] if answers else "", "conflict" in words)

    def _claimed(self, account, _):
        account.source = "provisioned"

    def _local(self, account, _):
        account.source, account.is_member = "local", False

    def _claimable(self, account, _):
        account.source = "claimable"

    def _user(self, account, _):
        account.role, account.is_mapped, account.sessions = "user", False, 0
        account.confirmed = None

    def _administrator(self, account, _):
        """A promotion confirms the link, unless another object ID is provisioned."""
        account.confirmed = None if account.disagrees else account.linked
        account.role, account.sessions = "administrator", 0

    def _linked(self, account, object_id):
        account.linked = object_id
        if account.role == "administrator":
            account.confirmed = object_id

    def _unlinked(self, account, _):
        if account.confirmed == account.linked:
            account.confirmed = None
        account.former, account.linked, account.sessions = account.linked, None, 0

    def _confirmed(self, account, _):
        account.confirmed = account.provisioned

    def _out(self, account, _):
        account.sessions = 0

    def _gone(self, account, _):
        ids = {account.linked or account.former, account.provisioned} - {None}
        self.deleted[account.id] = (ids, account.name)
        del self.accounts[account.id]

    def set_block(self, account: Account) -> None:
        """A block belongs to the current object IDs, or to the name without any."""
        ids = {account.linked or account.former} - {None}
        owner = self.find_linked(account.provisioned) if account.provisioned else None
        if account.provisioned and owner in (None, account):
            ids.add(account.provisioned)
        self.blocks[account.id] = ids or {account.name}

    def blocks_of_gone(self, account: Account) -> list[str]:
        """Return the blocks of deleted people that apply to this person."""
        gone = [each for each in self.blocks if each not in self.accounts]
        keys = {account.name, account.provisioned}
        return [
            each
            for each in gone
            if self.blocks[each] & keys
            or (account.provisioned is None and self.deleted[each][1] == account.name)
        ]

    def apply_mapping(self, account: Account) -> None:
        """Give or remove the role, as the membership in the mapped group requires."""
        if account.is_emergency or account.is_member == account.is_mapped:
            return
        if account.is_member and account.role == "user":
            self._administrator(account, None)
            account.is_mapped = True
        elif account.is_mapped:
            self._user(account, None)


CELLS = {(each.act, each.kind): each.words for each in table.read()}
