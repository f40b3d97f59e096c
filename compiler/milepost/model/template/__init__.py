"""The template language of env values, arguments and config files: Jinja2 in a sandbox, over documented values only.

A template is read (``roots``) and filled (``renderer``); what it may name, call and spend is the same on every machine and
with every version of Jinja2. It makes text and nothing else.
"""

from milepost.model.template.bad import BadTemplateError, TemplateLimitError
from milepost.model.template.fill import Renderer, first_line, first_numbered, renderer, roots
from milepost.model.template.unquoted import unquoted
from milepost.model.template.value_roots import GROUP_ROOTS, NODE_ROOTS, PROVINCE_ROOTS, ROOTS, STATION_ROOTS

__all__ = [
    "GROUP_ROOTS",
    "NODE_ROOTS",
    "PROVINCE_ROOTS",
    "ROOTS",
    "STATION_ROOTS",
    "BadTemplateError",
    "Renderer",
    "TemplateLimitError",
    "first_line",
    "first_numbered",
    "renderer",
    "roots",
    "unquoted",
]
