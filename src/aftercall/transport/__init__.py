"""How bytes travel to a receiver: HTTP, proxies, TLS, retries. Knows nothing of what is sent."""
