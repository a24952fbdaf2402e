"""The code of an issued file: what is printed on it, typed from paper, and no part of what it is about.

Twelve signs, eleven drawn by lot (54 bits) and one that checks them. The alphabet has no sign that looks like
another (0 and O, 1 and I and L), and as many as a prime: so every single wrong sign is noticed, and any two
that have changed places.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
_DRAWN = LENGTH - 1
_IN_A_GROUP = 4


def drawn():
    """A new code."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(_DRAWN))
    return signs + _check_sign(signs)


def read(text):
    """The code that somebody typed, in any case and with any blanks or dashes; empty if it can be none."""
    # A PDF may give a dash as another sign.
    code = "".join(sign for sign in text.upper() if sign.isalnum())
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or code[-1] != _check_sign(code[:-1]):
        return ""
    return code


def shown(code):
    """The code in groups of four, as it stands on paper and in addresses."""
    return "-".join(code[place : place + _IN_A_GROUP] for place in range(0, LENGTH, _IN_A_GROUP))


def _check_sign(signs):
    weighed = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))
    return ALPHABET[weighed % len(ALPHABET)]
