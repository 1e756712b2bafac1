"""From demand to what it takes: beds, staff, staff moves and patients in house."""

from caremap.planning.ahead import CensusForecast, census_forecast
from caremap.planning.beds import beds_needed, beds_rules
from caremap.planning.census import expected_census
from caremap.planning.erlang import erlang_b, erlang_c
from caremap.planning.intensive_care import intensive, intensive_defaults
from caremap.planning.move_plan import MovePlan
from caremap.planning.needs import NEEDS, Need, need_of
from caremap.planning.network import Network, network, network_of, roles_of
from caremap.planning.sites import site_table
from caremap.planning.staffing import full_time_staff, staff_needed, staffing_defaults
from caremap.planning.survival import in_house, stay_survival

__all__ = [
    "NEEDS",
    "CensusForecast",
    "MovePlan",
    "Need",
    "Network",
    "beds_needed",
    "beds_rules",
    "census_forecast",
    "erlang_b",
    "erlang_c",
    "expected_census",
    "full_time_staff",
    "in_house",
    "intensive",
    "intensive_defaults",
    "need_of",
    "network",
    "network_of",
    "roles_of",
    "site_table",
    "staff_needed",
    "staffing_defaults",
    "stay_survival",
]
