"""What PostgreSQL itself holds about projects and their money, whoever writes, one module for each part."""

from .proposal import BUDGET_LINE_TRIGGERS, PROJECT_TRIGGERS

__all__ = ["BUDGET_LINE_TRIGGERS", "PROJECT_TRIGGERS"]
