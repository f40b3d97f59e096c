"""The fault campaign: many small accidents, kills, races and odd environments, counted.

A campaign is a module of this folder with a ``NAME``, the ``COUNT`` of a whole run and the ``QUICK`` one of the ordinary
suite, and ``run(count, seed)``, which gives ``Figures``. ``python -m faults`` runs all and writes ``docs/faults.md``.
"""
