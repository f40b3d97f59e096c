"""``hosts.toml``: the registries that containerd asks for an image, and in which order.

containerd reads it at every pull. It ignores a whole file for one wrong word and then goes to the image's public host,
so ``hosts_faults`` looks at every file that is written. References stay canonical: what is pre-pulled and what starts
is one string, wherever it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.registry_routing import Chain, Hop

MARK = "# Written by Milepost."
"""The first words of each file; ``scripts/hosts.sh`` removes no other."""


def folder(chain: Chain) -> str:
    """The folder in ``certs.d`` of the chain's registry: ``host_port_``, since not every file system takes a colon."""
    host, colon, port = chain[-1].host.partition(":")
    return f"{host}_{port}_" if colon else host


def hosts_toml(chain: Chain) -> str:
    """The nearest tier first; ``server`` pins what is asked last, or else that would be the image's own public host.

    A file without a host table is ignored by containerd 1.6 and 1.7, so the centre stands in one where it is alone.
    """
    *nearer, centre = chain
    lines = [f"{MARK} {' -> '.join(hop.tier.name for hop in chain)}", f'server = "{centre.address}"']
    lines += _certificate(centre, "")
    if centre.tier.settings.credentials is not None:
        lines += ["", "[header]", _authorization(centre)]
    # containerd tries the tables from top to bottom, and TOML keeps their order; `server` comes
    # after all of them.
    for hop in nearer or [centre]:
        lines += [
            "",
            f'[host."{hop.address}"]',
            # Never `push`: a mirror answers 405 to it, and a node has nothing to push.
            '  capabilities = ["pull", "resolve"]',
            *_certificate(hop, "  "),
        ]
        if hop.tier.settings.credentials is not None:
            lines += [f'  [host."{hop.address}".header]', f"  {_authorization(hop)}"]
    return "\n".join(lines) + "\n"


def secrets(chain: Chain) -> Iterator[tuple[str, str, str]]:
    """What has to lie beside the file: name of the Secret, key in it, name of the file."""
    for hop in chain:
        body = hop.tier.settings
        if body.ca is not None:
            yield body.ca, "ca.crt", f"{hop.tier.name}.crt"
        if body.credentials is not None:
            yield body.credentials, "username", f"{hop.tier.name}.username"
            yield body.credentials, "password", f"{hop.tier.name}.password"


def _certificate(hop: Hop, indent: str) -> list[str]:
    """Relative to the file: the folder may be another one on some nodes."""
    return [f'{indent}ca = "{hop.tier.name}.crt"'] if hop.tier.settings.ca is not None else []


def _authorization(hop: Hop) -> str:
    return f'Authorization = "Basic @{hop.tier.name}@"'
