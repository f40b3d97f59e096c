"""Secrets by their form, and what only looks like one."""

from __future__ import annotations

import pytest

from milepost.emit.secret_forms import is_suspect, secrets

A = "A" * 16
SECRET = (
    "password: letmein",
    "spring.datasource.password=letmein",
    '"dbPassword": "letmein",',
    "db_password = 123456",
    "MYSQL_PWD=letmein",
    "<password>letmein</password>",
    "mysqld --password=letmein",
    "mysqladmin ping -uroot -pletmein",
    "redis-cli -a letmein ping",
    "redis-server --requirepass letmein",
    "requirepass letmein",
    "  auth_pass letmein",
    "curl -u bot:letmein https://r.example",
    "sshpass -p letmein ssh x",
    "app --api-key letmein",
    "CREATE USER a IDENTIFIED BY 'letmein'",
    "Authorization: Basic Ym90OmxldG1laW4=",
    "client_secret: letmein",
    "clientSecret=letmein",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    f"key AKIA{A} here",
    "LTAI4GabcdefghijKLMNopqr",
    "ghp_" + "a1" * 18,
    "github_pat_" + "a1" * 35,
    "glpat-" + "a1" * 10,
    "xoxb-1234567890-abc",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    "amqp://bot:letmein@mq.example:5672/",
    "redis://:letmein@redis:6379/0",
    "AGE-SECRET-KEY-1" + "Q" * 58,
    "clusters:\n- a\nusers:\n- user:\n    token: x\n",
)
NONE = (
    "password: ${DB_PASSWORD}",
    "password: $(DB_PASSWORD)",
    "password={{ password }}",
    "password: ",
    "password: null",
    "password: '********'",
    "password-file: /run/secrets/db",
    "password: /run/secrets/db",
    "password: ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]",
    "password_policy: strict",
    "passwords are made in the cluster",
    "max_tokens: 400",
    "auth-token: 3",
    "secretKey: password",
    "secretName: registry-login",
    "secret: registry-login",
    "imagePullSecrets: registry-login",
    "automountServiceAccountToken: false",
    "partition_key: station",
    "key: node.kubernetes.io/not-ready",
    "https://registry.example:5000/v2/",
    "git@git.example:rendered.git",
    "ssh://git@git.example/rendered.git",
    "http://$USER:$PASSWORD@proxy.example",
    "http://user:${PASSWORD}@proxy.example",
    "TZ=Asia/Shanghai",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "sha256:" + "0" * 64,
    "curl -u $USER:$PASS https://r.example",
    "mysql -h db -P 3306 -u root -p$MYSQL_PWD",
    "AKIA in a sentence",
    "sops: {mac: 'ENC[AES256_GCM,data:x]'}",
)


@pytest.mark.parametrize("text", SECRET)
def test_a_secret_is_found_and_not_shown(text: str) -> None:
    """By the quick look and by the close one; the words hold nothing of it."""
    found = list(secrets(text))
    assert is_suspect(text) and found
    assert not any("letmein" in one.what or A in one.what for one in found)
    assert len({one.fingerprint for one in found}) == 1 and len(found[0].fingerprint) == 16


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_secret_passes(text: str) -> None:
    """References, placeholders, ciphertext, names of Secrets, and words that sound alike."""
    assert list(secrets(text)) == []


def test_the_same_value_has_one_fingerprint_wherever_it_stands() -> None:
    """So that one acknowledgement covers it."""
    texts = ("password: letmein", "PGPASSWORD=letmein", "amqp://bot:letmein@mq.example/")
    assert len({one.fingerprint for text in texts for one in secrets(text)}) == 1


def test_a_long_text_is_looked_at_quickly() -> None:
    """No form goes over a text again and again: twice the text takes about twice the time, even a hostile one."""
    for hostile in (
        "password" * 20_000,
        "a-" * 80_000 + "pass",
        "://" * 50_000,
        "-pass " * 30_000,
        "mysql " * 20_000,
    ):
        assert len(list(secrets(hostile))) < 60_000
