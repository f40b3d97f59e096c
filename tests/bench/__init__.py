"""How fast Milepost is, against the least that anything could need and against its peers: ``make bench``.

Nothing here is a test: a machine that is busy must not turn a run red. What is held by a test is that cost does not grow
(``test_growth.py``), and that counts calls, not seconds.
"""
