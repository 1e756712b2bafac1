"""From demand to what it takes: beds, staff, staff moves and patients in house."""

from caremap.planning.ahead import CensusForecast, census_forecast
from caremap.planning.allocation import Allocation
from caremap.planning.allocation_sheets import allocation_tables
from caremap.planning.apportionment import apportion
from caremap.planning.beds import beds_needed, beds_rules
from caremap.planning.blocked import blocked_beds
from caremap.planning.care_levels import CARE_POINTS, LEVELS
from caremap.planning.census import expected_census
from caremap.planning.curve import moves_curve
from caremap.planning.emergency import emergency
from caremap.planning.emergency_places import emergency_places
from caremap.planning.erlang import erlang_b, erlang_c
from caremap.planning.fairness import fairness
from caremap.planning.greedy import greedy_moves
from caremap.planning.intensive_care import intensive, intensive_defaults
from caremap.planning.move_plan import MovePlan
from caremap.planning.moves import plan_moves
from caremap.planning.need_score import NEED_POINTS, NEED_WEIGHTS, need_points, need_score
from caremap.planning.needs import NEEDS, Need, need_of
from caremap.planning.network import Network, network, network_of, roles_of
from caremap.planning.plan_sheets import plan_tables, settings_table, sites_with_headings
from caremap.planning.required import care_hours, required_staff, with_required, workloads
from caremap.planning.risk import StayRisk
from caremap.planning.scarce import scarce
from caremap.planning.scenario import BASELINE, Scenario, ScenarioRun
from caremap.planning.sites import site_table
from caremap.planning.staffing import full_time_staff, staff_needed, staffing_defaults
from caremap.planning.survival import in_house, stay_survival
from caremap.planning.targets import targets, ties
from caremap.planning.transfer import free_beds, free_nearby
from caremap.planning.ward_tables import expected_patients, stay_curves, wards_of
from caremap.planning.wards import place_patients
from caremap.planning.wisn import (
    allowance_factor,
    available_time,
    hours_per_patient_day,
    wisn,
    wisn_ratio,
)

__all__ = [
    "Allocation",
    "BASELINE",
    "CARE_POINTS",
    "CensusForecast",
    "LEVELS",
    "MovePlan",
    "NEEDS",
    "NEED_POINTS",
    "NEED_WEIGHTS",
    "Need",
    "Network",
    "Scenario",
    "ScenarioRun",
    "StayRisk",
    "allocation_tables",
    "allowance_factor",
    "apportion",
    "available_time",
    "beds_needed",
    "beds_rules",
    "blocked_beds",
    "care_hours",
    "census_forecast",
    "emergency",
    "emergency_places",
    "erlang_b",
    "erlang_c",
    "expected_census",
    "expected_patients",
    "fairness",
    "free_beds",
    "free_nearby",
    "full_time_staff",
    "greedy_moves",
    "hours_per_patient_day",
    "in_house",
    "intensive",
    "intensive_defaults",
    "moves_curve",
    "need_of",
    "need_points",
    "need_score",
    "network",
    "network_of",
    "place_patients",
    "plan_moves",
    "plan_tables",
    "required_staff",
    "roles_of",
    "scarce",
    "settings_table",
    "site_table",
    "sites_with_headings",
    "staff_needed",
    "staffing_defaults",
    "stay_curves",
    "stay_survival",
    "targets",
    "ties",
    "wards_of",
    "wisn",
    "wisn_ratio",
    "with_required",
    "workloads",
]
