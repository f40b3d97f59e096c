"""Who does the work: provinces are independent, so they are the grain. One way of spreading them a file.

An executor is a module that offers ``run``; ``base`` says what it promises.
"""
