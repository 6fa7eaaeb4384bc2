"""What pages share: sessions, access control, rate limits, and checks of requests."""
