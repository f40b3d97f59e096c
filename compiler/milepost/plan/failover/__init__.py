"""Failover patterns: what each rule comes to, and whether it holds at every station."""
