"""Other ways to get the same objects, one a file; each is run on what ``sample`` gives and must make those very objects.

A peer is a module that offers what ``base.Peer`` says. One that cannot be had on this machine is left out, by name and
with the reason.
"""
