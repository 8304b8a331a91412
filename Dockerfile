# The layer, built on a base as old as the oldest that Lambda still runs, so that it starts on all of them:
#
#     docker build --output dist .                             writes dist/aftercall-layer-x86_64.zip
#     docker build --output dist --platform linux/arm64 .      writes dist/aftercall-layer-arm64.zip
#     docker build --target image --tag aftercall .            an image to take the layer from in a function's own Dockerfile:
#                                                              COPY --from=aftercall /opt /opt
#
# BASE needs glibc 2.26 or older and a Python of 3.11 or newer with its headers and a shared libpython. AWS's own image
# has them on both architectures.
ARG BASE=public.ecr.aws/lambda/python:3.11

# 1. Compiler and pinned, hashed packages. Nothing after this stage needs the network but for the wheels of wrapt.
FROM ${BASE} AS tools
USER root
RUN if command -v yum; then yum install -y gcc make binutils tar gzip && yum clean all; \
    elif command -v apt-get; then apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make binutils; fi \
    && mkdir /aftercall && chown 1000:1000 /aftercall
USER 1000:1000
ENV HOME=/aftercall
WORKDIR /aftercall
COPY build_spec/environment.py build_spec/
COPY build_spec/requirements build_spec/requirements/
RUN python3 build_spec/environment.py freeze

# 2. The extension: Python frozen by PyInstaller, the launcher linked into its bootloader.
FROM tools AS extension
COPY build_spec build_spec/
COPY launcher launcher/
COPY src src/
RUN .cache/freeze/bin/python -m build_spec.layer --only extension --tree /aftercall/layer

# 3. The wrappers of the runtimes.
FROM tools AS wrappers
COPY build_spec build_spec/
COPY runtime_wrappers runtime_wrappers/
RUN .cache/freeze/bin/python -m build_spec.layer --only wrappers --tree /aftercall/layer

# 4. Both in one zip; fails if anything in it would not start on each base of Lambda.
FROM tools AS zip
COPY build_spec build_spec/
COPY src/aftercall/__init__.py src/aftercall/
COPY --from=extension /aftercall/layer layer/
COPY --from=wrappers /aftercall/layer layer/
RUN .cache/freeze/bin/python -m build_spec.layer --only zip --every-base --tree /aftercall/layer --dist /aftercall/dist

# 5. For functions that are container images.
FROM scratch AS image
COPY --from=zip /aftercall/layer /opt/

# 6. What `docker build --output dist .` writes.
FROM scratch AS layer
COPY --from=zip /aftercall/dist/ /
