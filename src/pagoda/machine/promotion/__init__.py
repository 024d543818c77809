"""Promotion: how code that stays hot comes to be compiled."""
