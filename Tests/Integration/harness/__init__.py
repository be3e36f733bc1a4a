"""Starts the real things that the integration tests drive: servers, agents, git repositories, scripts."""
