"""Settings are read from the environment and validated."""

import secrets

import pytest

from helpers import ROOT
from netpresenter_next import create_app
from netpresenter_next.config.options import ConfigError, default_instance_folder, load
from netpresenter_next.scim_http.endpoints import read_resource_types


def test_every_setting_has_a_default():
    config = load({})
    assert config.instance == default_instance_folder()
    assert config.base_url == ""
    assert config.scim_required == {"externalId", "emails"}


def test_a_checkout_keeps_its_data_beside_the_code():
    assert default_instance_folder() == ROOT / "instance"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://news.example.org", "https://news.example.org"),
        (" https://News.Example.org/ ", "https://news.example.org"),
        ("https://example.org/People/", "https://example.org/People"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_the_base_url_is_normalized(text, url):
    assert load({"NETPRESENTER_BASE_URL": text}).base_url == url


@pytest.mark.parametrize(
    "text",
    ["news.example.org", "ftp://a.example", "https://", "https://a.example/?x=1",
     "https://ada:secret@a.example", "https://a.example/#top"],
)  # fmt: skip
def test_an_invalid_base_url_is_refused(text):
    with pytest.raises(ConfigError, match="NETPRESENTER_BASE_URL"):
        load({"NETPRESENTER_BASE_URL": text})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()),
        ("externalId", {"externalId"}),
        ("EMAILS , externalid,", {"emails", "externalId"}),
    ],
)
def test_fewer_attributes_may_be_required(text, names):
    config = load({"NETPRESENTER_SCIM_REQUIRED": text})
    user = read_resource_types(config).user
    assert {each.name for each in user.required} == names | {"userName"}


def test_an_attribute_that_cannot_be_required_is_refused_by_name(tmp_path):
    folder = tmp_path / "instance"
    config = load({"NETPRESENTER_SCIM_REQUIRED": "emails,title"}, instance=folder)
    message = "NETPRESENTER_SCIM_REQUIRED: 'title' cannot be required; use externalId, "
    with pytest.raises(ConfigError, match=message):
        create_app(config)
    assert not folder.exists()


def test_a_misspelt_setting_is_refused_with_the_right_name():
    with pytest.raises(ConfigError, match=r"did you mean NETPRESENTER_BASE_URL\?"):
        load({"NETPRESENTER_BASEURL": "https://news.example.org"})


def test_an_unknown_setting_is_refused():
    with pytest.raises(ConfigError, match="NETPRESENTER_QQQQ is not a setting"):
        load({"NETPRESENTER_QQQQ": "1"})


def test_a_value_can_be_read_from_a_file(tmp_path):
    path = tmp_path / "key"
    key = secrets.token_hex(32)
    path.write_text(f"{key}\n")
    assert load({"NETPRESENTER_SECRET_KEY_FILE": str(path)}).secret_key == key


def test_a_missing_file_is_refused_with_the_name_of_the_setting(tmp_path):
    with pytest.raises(ConfigError, match="NETPRESENTER_SECRET_KEY_FILE"):
        load({"NETPRESENTER_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_a_setting_with_both_a_value_and_a_file_is_refused(tmp_path):
    names = ("NETPRESENTER_SECRET_KEY", "NETPRESENTER_SECRET_KEY_FILE")
    with pytest.raises(ConfigError, match="not both"):
        load(dict.fromkeys(names, "k" * 40))


@pytest.mark.parametrize(
    "key",
    [
        "secret",
        "cfb3e5d99a2e585568433dc9bf6a7c",
        "k" * 64,
        "ab" * 40,
        "0123456789abcdef" * 4,
        "x" * 60 + "yz12",
        "changeme-changeme-changeme-0123456789",
        "CHANGE_ME please, it is long enough now 0931",
        "my secret key of this server, 0931 xyz",
        "Password1Password2Password3Password4",
    ],
)
def test_a_guessable_secret_key_is_refused_with_a_command_that_makes_one(key):
    with pytest.raises(ConfigError, match=r"type: python3 -c .*token_hex\(32\)"):
        load({"NETPRESENTER_SECRET_KEY": key})


@pytest.mark.parametrize(
    "make", [secrets.token_hex, secrets.token_urlsafe, lambda: secrets.token_hex(16)]
)
def test_a_random_secret_key_is_accepted(make):
    for key in (make() for _ in range(200)):
        assert load({"NETPRESENTER_SECRET_KEY": key}).secret_key == key


def test_an_empty_value_counts_as_unset():
    assert load({"NETPRESENTER_BASE_URL": ""}).base_url == ""


def test_arguments_take_precedence_over_the_environment(tmp_path):
    config = load({"NETPRESENTER_INSTANCE": "/elsewhere"}, instance=tmp_path)
    assert config.instance == tmp_path
