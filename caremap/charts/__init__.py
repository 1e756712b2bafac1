"""Figure frames as charts, and the same in words for those who cannot see one."""

from caremap.charts.allocation import allocation_figure
from caremap.charts.allocation_limits import limits_figure
from caremap.charts.allocation_sent import sent_figure
from caremap.charts.altair_once import work_once
from caremap.charts.backtest import backtest_figure
from caremap.charts.bars import bars_figure
from caremap.charts.bed_days_ahead import bed_days_figure
from caremap.charts.beds import beds_figure
from caremap.charts.blocked import blocked_figure
from caremap.charts.breakeven import breakeven_figure
from caremap.charts.calibration import calibration_figure
from caremap.charts.census import census_figure
from caremap.charts.clock import clock_figure
from caremap.charts.components import components_figure
from caremap.charts.control import control_figure
from caremap.charts.crossed import crossed_figure
from caremap.charts.distances import MOST_IN_A_MATRIX, distance_figure
from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.forecast import forecast_figure
from caremap.charts.group_trend import group_trend_figure
from caremap.charts.heat_map import occupancy_heat_map
from caremap.charts.importance import importance_figure
from caremap.charts.intensive import intensive_figure
from caremap.charts.lengths import stay_donut, stay_histogram
from caremap.charts.margins import margin_figure
from caremap.charts.models import models_figure
from caremap.charts.moves import moves_figure
from caremap.charts.moves_curve import moves_curve_figure
from caremap.charts.neighbours import neighbours_figure
from caremap.charts.parts import parts_figure
from caremap.charts.picking import picked_names, picked_pairs
from caremap.charts.pictures import to_png, to_svg
from caremap.charts.pooling import pooling_figure
from caremap.charts.pyramid import pyramid_figure
from caremap.charts.rates import rates_figure
from caremap.charts.reached import access_figure, catchment_figure
from caremap.charts.relations import relations_figure
from caremap.charts.resources import resources_figure
from caremap.charts.risk_groups import risk_groups_figure
from caremap.charts.risk_models import risk_models_figure
from caremap.charts.scenario_gap import GAPS, scenario_gap_figure
from caremap.charts.scenarios import scenarios_figure
from caremap.charts.sensitivity import sensitivity_figure
from caremap.charts.sites import sites_figure
from caremap.charts.sites_map import places_figure
from caremap.charts.spreads import spread_figure
from caremap.charts.staff import staff_figure
from caremap.charts.tree_map import occupancy_tree_map
from caremap.charts.trend import trend_figure
from caremap.charts.wait_clock import wait_clock_figure
from caremap.charts.wait_places import waits_by_places_figure
from caremap.charts.waiting import waiting_figure

__all__ = [
    "Figure",
    "GAPS",
    "MOST_IN_A_MATRIX",
    "Plot",
    "Quantity",
    "access_figure",
    "allocation_figure",
    "backtest_figure",
    "bars_figure",
    "bed_days_figure",
    "beds_figure",
    "blocked_figure",
    "breakeven_figure",
    "calibration_figure",
    "catchment_figure",
    "census_figure",
    "clock_figure",
    "components_figure",
    "control_figure",
    "crossed_figure",
    "distance_figure",
    "forecast_figure",
    "group_trend_figure",
    "importance_figure",
    "intensive_figure",
    "limits_figure",
    "margin_figure",
    "models_figure",
    "moves_curve_figure",
    "moves_figure",
    "neighbours_figure",
    "occupancy_heat_map",
    "occupancy_tree_map",
    "parts_figure",
    "picked_names",
    "picked_pairs",
    "places_figure",
    "pooling_figure",
    "pyramid_figure",
    "rates_figure",
    "relations_figure",
    "resources_figure",
    "risk_groups_figure",
    "risk_models_figure",
    "scenario_gap_figure",
    "scenarios_figure",
    "sensitivity_figure",
    "sent_figure",
    "sites_figure",
    "spread_figure",
    "staff_figure",
    "stay_donut",
    "stay_histogram",
    "to_png",
    "to_svg",
    "trend_figure",
    "wait_clock_figure",
    "waiting_figure",
    "waits_by_places_figure",
]

work_once()
