"""From demand to what it takes: beds, staff and patients in house."""

from caremap.planning.beds import beds_needed
from caremap.planning.census import expected_census
from caremap.planning.erlang import erlang_b, erlang_c

__all__ = ["beds_needed", "erlang_b", "erlang_c", "expected_census"]
