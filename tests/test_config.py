"""The table of options, read from the environment."""

import pytest

from netpresenter_next.config import ConfigError, default_instance, load


def test_nothing_needs_to_be_set():
    config = load({})
    assert config.instance == default_instance()
    assert config.base_url == ""
    assert config.scim_required == {"externalId", "emails"}


def test_a_checkout_keeps_its_data_beside_the_code():
    assert default_instance().name == "instance"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://news.example.org", "https://news.example.org"),
        (" https://News.Example.org/ ", "https://news.example.org"),
        ("https://example.org/People/", "https://example.org/People"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_the_base_url_is_kept_in_one_spelling(text, url):
    assert load({"NETPRESENTER_BASE_URL": text}).base_url == url


@pytest.mark.parametrize(
    "text",
    ["news.example.org", "ftp://a.example", "https://", "https://a.example/?x=1",
     "https://ada:secret@a.example", "https://a.example/#top"],
)  # fmt: skip
def test_a_base_url_that_is_none_is_refused(text):
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
def test_required_attributes_may_be_fewer(text, names):
    assert load({"NETPRESENTER_SCIM_REQUIRED": text}).scim_required == names


def test_an_attribute_that_cannot_be_required_is_named():
    with pytest.raises(ConfigError, match="'title' cannot be required"):
        load({"NETPRESENTER_SCIM_REQUIRED": "emails,title"})


def test_a_misspelt_setting_is_refused_with_the_right_name():
    with pytest.raises(ConfigError, match=r"did you mean NETPRESENTER_BASE_URL\?"):
        load({"NETPRESENTER_BASEURL": "https://news.example.org"})


def test_an_unknown_setting_is_refused():
    with pytest.raises(ConfigError, match="NETPRESENTER_QQQQ is not a setting"):
        load({"NETPRESENTER_QQQQ": "1"})


def test_a_value_may_come_from_a_file(tmp_path):
    path = tmp_path / "key"
    path.write_text("k" * 40 + "\n")
    assert load({"NETPRESENTER_SECRET_KEY_FILE": str(path)}).secret_key == "k" * 40


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigError, match="NETPRESENTER_SECRET_KEY_FILE"):
        load({"NETPRESENTER_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_value_and_file_together_are_refused(tmp_path):
    names = ("NETPRESENTER_SECRET_KEY", "NETPRESENTER_SECRET_KEY_FILE")
    with pytest.raises(ConfigError, match="not both"):
        load(dict.fromkeys(names, "k" * 40))


def test_a_short_secret_key_is_refused():
    with pytest.raises(ConfigError, match="32 random characters"):
        load({"NETPRESENTER_SECRET_KEY": "secret"})


def test_an_empty_value_is_as_none():
    assert load({"NETPRESENTER_BASE_URL": ""}).base_url == ""


def test_arguments_win_over_the_environment(tmp_path):
    config = load({"NETPRESENTER_INSTANCE": "/elsewhere"}, instance=tmp_path)
    assert config.instance == tmp_path
