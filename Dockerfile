# syntax=docker/dockerfile:1
# Built in two stages: the first makes a wheel with the front end in it, the second holds only what serving needs.

FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY requirements/build.txt requirements/build.txt
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE hatch_build.py ./
COPY app app
COPY templates templates
COPY migrations migrations
COPY charter_source charter_source
# The build tools are here already, pinned by hash: nothing else is fetched but the front end's own packages.
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
# Pango sets the PDFs; HarfBuzz-Subset keeps them small and quick to write.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/engross engross
COPY requirements/run.txt /tmp/run.txt
RUN python -m pip install --no-cache-dir --require-hashes -r /tmp/run.txt && rm /tmp/run.txt
COPY --from=build /wheels /wheels
RUN python -m pip install --no-cache-dir --no-deps --no-index /wheels/*.whl && rm -r /wheels
USER engross
WORKDIR /var/lib/engross
ENV ENGROSS_DATA_DIR=/var/lib/engross/data ENGROSS_HOST=0.0.0.0 ENGROSS_PORT=8000 PYTHONUNBUFFERED=1
RUN mkdir -m 700 data
VOLUME /var/lib/engross/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["engross", "start"]
