"""What the fork server imports once, so that no client waits for it. No client data, no threads."""

import gc

import toolkit.doors
import toolkit.front
import toolkit.page
import toolkit.press.report  # noqa: F401

gc.collect()
gc.freeze()
