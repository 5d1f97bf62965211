# Limpide as one container: `docker build -t limpide .`, then `docker run -p 8050:8050 limpide`.
# It holds a synthetic bank and a first model; mount a volume on /store to keep decisions or serve your own.

# What trains is not what serves: this stage makes the demo bank and a model, and stays behind.
FROM python:3.11-slim AS trained
WORKDIR /limpide
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt requirements-web.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
ENV STORE_DIR=/store DO_NOT_TRACK=1 OMP_WAIT_POLICY=passive
RUN python -m data demo home_credit --clients 10000 --seed 1 \
    && python -m model train home_credit --with-protected-cost --no-track

FROM python:3.11-slim
WORKDIR /limpide
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home limpide
COPY requirements-web.txt ./
RUN pip install --no-cache-dir -r requirements-web.txt
COPY . .
COPY --from=trained --chown=limpide /store /store
USER limpide
ENV STORE_DIR=/store PORT=8050 OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 DO_NOT_TRACK=1
EXPOSE 8050
# As it is, it shows synthetic clients to whoever reaches it, without login; real ones only to a login:
# APP_ENV=production, SECRET_KEY and accounts (docs/deploy.md).
CMD ["gunicorn", "app:server", "--bind", "0.0.0.0:8050"]
