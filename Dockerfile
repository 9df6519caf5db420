ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim AS build
WORKDIR /srv/ideabox
RUN python -m venv /opt/ideabox
ENV PATH=/opt/ideabox/bin:$PATH
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
# The image runs from the checkout, as a developer does: migrations are found beside the package.
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e . \
    && python -m compileall -q app

FROM python:${PYTHON_VERSION}-slim
RUN useradd --system --uid 10001 --no-create-home ideabox \
    && install -d -o ideabox -g ideabox /var/lib/ideabox
COPY --from=build /opt/ideabox /opt/ideabox
COPY --from=build /srv/ideabox /srv/ideabox
WORKDIR /srv/ideabox
ENV PATH=/opt/ideabox/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    IDEABOX_ENVIRONMENT=production \
    IDEABOX_DATA_DIR=/var/lib/ideabox
USER 10001
VOLUME /var/lib/ideabox
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["ideabox", "serve", "--host", "0.0.0.0", "--port", "8000"]
