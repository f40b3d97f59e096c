"""The two lists of what must never be rendered, in short, and why some of it cannot show in rendered objects."""

KUBEEDGE = {
    1: "EdgeApplications that the API server refuses",
    2: "node jobs and node groups that the API server refuses",
    3: "custom resources of a version that is not installed; names that are no names",
    4: "node groups that take the wrong nodes; labels that KubeEdge writes",
    5: "EdgeApplication manifests and targets that do not work",
    6: "overriders that go wrong",
    7: "fields of proposals that never came",
    8: "pre-pull jobs that do not do what they say",
    9: "node upgrades, and jobs where nothing carries them out",
    10: "objects that CloudCore and nodes write",
    11: "CloudCore configurations that are rewritten or crash",
    12: "tokens and keys; proxies that EdgeCore does not have; both transports on",
    13: "edge pods that a cut line evicts, pull always, run everywhere or wait at the node",
    14: "DestinationRules that EdgeMesh does not follow",
    15: "marks that change with every build",
}

GITOPS = {
    1: "secrets",
    2: "force and replace",
    3: "objects that wander between units",
    4: "jobs without a hash in their name, or that remove themselves",
    5: "gates that let through",
    6: "waiting for nodes that are offline",
    7: "units and folders that are too large; one source for all",
    8: "substitution, and what kustomize should not use",
    9: "text that reads differently elsewhere, or changes without cause",
    10: "images by tags, pulled always",
    11: "fields of agents and autoscalers",
    12: "trees that an agent cannot read",
    13: "changes that a live workload does not take",
    14: "two waves in one commit",
}

NOT_IN_RENDERED_OBJECTS = {
    ("kubeedge", 4, "renamed group"): "a rename shows only between two trees; compare reports it",
    ("kubeedge", 5, "manifests reordered between releases"): "one Deployment each leaves no order to change",
    (
        "kubeedge",
        8,
        "dockerconfigjson as the only credential",
    ): "what a Secret holds is never known to Milepost",
    (
        "kubeedge",
        9,
        "switched-off modules, unsafe versions",
    ): "what a cluster runs is a requirement in milepost.json",
    ("kubeedge", 13, "kube-proxy on the edge"): "Milepost renders no part of a cluster's own network",
    ("gitops", 1, "re-encrypted SOPS"): "ciphertext is passed on byte for byte and never read",
    (
        "gitops",
        3,
        "object to unit",
    ): "a move shows only between two trees; places follow from names, see the laws",
    (
        "gitops",
        7,
        "one source for all",
    ): "a province's tree does not know the others; publish makes a branch for each",
    (
        "gitops",
        9,
        "anchors, tabs, unquoted words",
    ): "a matter of bytes; tests/emit/test_hard_strings.py holds them",
    (
        "gitops",
        13,
        "selectors of live workloads",
    ): "a change shows only between two trees; compare reports it",
    ("gitops", 14, "commits over waves"): "a commit is publish's and the reviewer's matter",
}
"""What of an item no check of objects can see, and where it is looked after instead."""
