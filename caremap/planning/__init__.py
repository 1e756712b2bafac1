"""From demand to what it takes: beds, staff, staff moves and patients in house."""

from caremap.planning.admission import Admission, admission_table
from caremap.planning.admission_known import complete_before, known_over
from caremap.planning.ahead import CensusForecast, census_forecast
from caremap.planning.allocation import Allocation
from caremap.planning.allocation_sheets import allocation_tables
from caremap.planning.apportionment import apportion
from caremap.planning.beds import beds_needed, beds_rules
from caremap.planning.blocked import blocked_beds
from caremap.planning.breakeven import blended_price, breakeven, breakeven_steps, volume_for_profit
from caremap.planning.care_levels import CARE_POINTS, LEVELS
from caremap.planning.census import expected_census
from caremap.planning.cost_basis import (
    FIXED_SHARE,
    FIXED_SHARE_SOURCE,
    CostBasis,
    cost_basis,
    prices_at,
)
from caremap.planning.curve import moves_curve
from caremap.planning.emergency import emergency
from caremap.planning.emergency_places import emergency_places
from caremap.planning.erlang import erlang_b, erlang_c
from caremap.planning.fairness import fairness
from caremap.planning.greedy import greedy_moves
from caremap.planning.intensive_care import intensive, intensive_defaults
from caremap.planning.margins import (
    breakeven_curve,
    chance_of_loss,
    margin,
    margin_ahead,
    sensitivity,
)
from caremap.planning.move_plan import MovePlan
from caremap.planning.moves import plan_moves
from caremap.planning.need_score import NEED_POINTS, NEED_WEIGHTS, need_points, need_score
from caremap.planning.needs import NEEDS, Need, need_of
from caremap.planning.network import Network, network, network_of, roles_of
from caremap.planning.plan_sheets import plan_tables, settings_table, sites_with_headings
from caremap.planning.pooling import Pooling, pooling, pooling_pairs, unit_loads
from caremap.planning.presets import PRESET_NOTES, presets
from caremap.planning.queueing import Simulated, simulate_queue
from caremap.planning.required import care_hours, required_staff, with_required, workloads
from caremap.planning.resource_units import resource_units
from caremap.planning.resources import resources_needed
from caremap.planning.risk import StayRisk
from caremap.planning.scarce import scarce
from caremap.planning.scenario import BASELINE, Scenario, ScenarioRun
from caremap.planning.scenario_run import run_scenarios
from caremap.planning.scenario_sheets import scenario_tables
from caremap.planning.scenario_text import (
    MOST_SCENARIOS,
    of_text,
    scenario_of,
    scenario_to_dict,
    to_text,
)
from caremap.planning.scenario_words import in_words
from caremap.planning.service import observed_beside, service_times
from caremap.planning.sites import site_table
from caremap.planning.staffing import full_time_staff, staff_needed, staffing_defaults
from caremap.planning.stay_risk import stay_risk
from caremap.planning.survival import in_house, stay_survival
from caremap.planning.targets import targets, ties
from caremap.planning.telemedicine import telemedicine
from caremap.planning.transfer import free_beds, free_nearby
from caremap.planning.waiting import Wait, places_for_wait, waiting, waiting_by_places
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
    "Admission",
    "Allocation",
    "BASELINE",
    "CARE_POINTS",
    "CensusForecast",
    "CostBasis",
    "FIXED_SHARE",
    "FIXED_SHARE_SOURCE",
    "LEVELS",
    "MOST_SCENARIOS",
    "MovePlan",
    "NEEDS",
    "NEED_POINTS",
    "NEED_WEIGHTS",
    "Need",
    "Network",
    "PRESET_NOTES",
    "Pooling",
    "Scenario",
    "ScenarioRun",
    "Simulated",
    "StayRisk",
    "Wait",
    "admission_table",
    "allocation_tables",
    "allowance_factor",
    "apportion",
    "available_time",
    "beds_needed",
    "beds_rules",
    "blended_price",
    "blocked_beds",
    "breakeven",
    "breakeven_curve",
    "breakeven_steps",
    "care_hours",
    "census_forecast",
    "chance_of_loss",
    "complete_before",
    "cost_basis",
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
    "in_words",
    "intensive",
    "intensive_defaults",
    "known_over",
    "margin",
    "margin_ahead",
    "moves_curve",
    "need_of",
    "need_points",
    "need_score",
    "network",
    "network_of",
    "observed_beside",
    "of_text",
    "place_patients",
    "places_for_wait",
    "plan_moves",
    "plan_tables",
    "pooling",
    "pooling_pairs",
    "presets",
    "prices_at",
    "required_staff",
    "resource_units",
    "resources_needed",
    "roles_of",
    "run_scenarios",
    "scarce",
    "scenario_of",
    "scenario_tables",
    "scenario_to_dict",
    "sensitivity",
    "service_times",
    "settings_table",
    "simulate_queue",
    "site_table",
    "sites_with_headings",
    "staff_needed",
    "staffing_defaults",
    "stay_curves",
    "stay_risk",
    "stay_survival",
    "targets",
    "telemedicine",
    "ties",
    "to_text",
    "unit_loads",
    "volume_for_profit",
    "waiting",
    "waiting_by_places",
    "wards_of",
    "wisn",
    "wisn_ratio",
    "with_required",
    "workloads",
]
