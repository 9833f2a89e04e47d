# SPDX-License-Identifier: EUPL-1.2
"""Debian's Chromium, and how it is started: quiet, without anything of its own over the network."""

import shutil

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=nl",
]
WATCH = """window.refusedByPolicy = [];
document.addEventListener("securitypolicyviolation", (e) => window.refusedByPolicy.push(
  `${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));"""
