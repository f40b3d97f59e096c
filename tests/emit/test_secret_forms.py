"""Secrets by their form, and what only looks like one."""

from __future__ import annotations

import base64

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
    "pass=Letmein7!",
    "dbPass: letmein",
    "DBPASS=letmein",
    "REDISCLI_AUTH=letmein",
    "--requirepass=letmein",
    "token: q7Rk2mZp9vXw4tBn",
    "secret=q7Rk2mZp9vXw4tBn",
    "密码: letmein",
    "登录口令：letmein",
    "password：letmein",
    "mariadb-admin -uroot -pletmein ping",
    "mongosh -u root -p letmein",
    "docker login -u bot -p letmein registry.example",
    "skopeo copy --src-creds bot:letmein docker://a docker://b",
    "curl -ubot:letmein https://r.example",
    "rabbitmqctl add_user bot letmein",
    "htpasswd -b users bot letmein",
    "ldapsearch -D cn=bot -w letmein",
    "echo 'root:letmein' | chpasswd",
    "openssl rsa -passin pass:letmein",
    "  stats auth admin:letmein",
    "machine git.example login bot password letmein",
    "ALTER USER bot WITH PASSWORD 'letmein'",
    "AccountName=a;AccountKey=" + "eHh4" * 10,
    "encryption_key=" + "eHh4" * 10,
    "glrtr-" + "a1" * 10,
    '"auth": "Ym90OmxldG1laW4="',
    base64.b64encode(b"-----BEGIN RSA PRIVATE KEY-----\nMIIE").decode(),
    base64.b64encode(b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl").decode(),
    base64.b64encode(b'{"auths":{"r.example":{"auth":"Ym90OmxldG1laW4="}}}').decode(),
    "key: |\n  -----BEGIN EC PRIVATE KEY-----\n  MHcCAQEE\n",
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
    "pass: 1",
    "bypass=q7Rk2mZp9vXw4tBn",
    "compass: north-by-northwest-2024",
    "token: station-gateway-2024",
    "token: 3",
    "secret: hn-g4-registry-login-2024",
    "pull-secret: registry",
    "secret=camera12",
    "passwd:         files systemd",
    "password: REDACTED",
    "password: CHANGE_ME",
    "password: your-password-here",
    "auth_pass __VRRP__",
    "PASSWORD_MIN_LENGTH=12",
    "docker login registry.example --password-stdin",
    "docker login -u bot -p $PASSWORD registry.example",
    "curl --user-agent gate:3 https://r.example",
    "curl -u $USER:$PASSWORD https://r.example",
    "stats auth $USER:$PASSWORD",
    "redis-cli -h db -p 6379 ping",
    "app login -port 8080",
    base64.b64encode(b"-----BEGIN CERTIFICATE-----\nMIIE" + b"x" * 30).decode(),
    base64.b64encode(b'{"auths":{}}, and nothing else than this').decode(),
    "caBundle: LS0tLS1CRUdJTi" + "!" * 30,
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
