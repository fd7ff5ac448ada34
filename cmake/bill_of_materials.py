#!/usr/bin/env python3
"""What a built sac_cuda, or its library for GPUs, is made of: a bill of materials (SPDX 2.3), and the licences of
all parts.

Parts are the Debian source packages of the headers that the compiler read, as Ninja recorded them, and of the
libraries that are loaded; what is named of PyPI; and a CUDA toolkit that is no Debian package. Writes NAME.spdx.json
and licences/, one file per part."""

import argparse
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

# By Debian's source package, or PyPI's: the licence of what of it gets into the program, or is loaded by it. Who adds a
# library reads its licence and adds a line.
LICENCES = {
    "cli11": "BSD-3-Clause",
    "eigen3": "MPL-2.0",
    "fmtlib": "MIT",
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "giflib": "MIT",
    "glibc": "LGPL-2.1-or-later",
    "librandom123": "BSD-3-Clause",
    "libwebp": "BSD-3-Clause",
    "linux": "GPL-2.0-only WITH Linux-syscall-note",
    "nanobind": "BSD-3-Clause",
    "nlohmann-json3": "MIT",
    "nvidia-cuda-toolkit": "LicenseRef-CUDA-EULA",
    "ocl-icd": "BSD-2-Clause",
    "onednn": "Apache-2.0",
    "protobuf": "BSD-3-Clause",
    "python3": "PSF-2.0",
}


# What is compiled for the library for GPUs alone.
GPU_OBJECTS = re.compile(r"kernels/|host/cuda/CMakeFiles/sac_(gpu_compiled_in|cuda_gpu)\.dir/")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def headers_read(build, gpu):
    """All files outside the project that the compiler read: for the library for GPUs, or for all the rest."""
    objects = output_of("ninja", "-C", build, "-t", "deps").split("\n\n")
    counted = [text for text in objects if bool(GPU_OBJECTS.match(text)) == gpu]
    return {line.strip() for text in counted for line in text.splitlines() if line.startswith("    /usr/")}


def libraries_loaded(library):
    """All libraries of the system that it loads, by path."""
    return set(re.findall(r"=> (/(?:usr/)?lib\S+)", output_of("ldd", library)))


def places(path):
    """Where Debian's database may have a file: /lib is part of /usr/lib by now, and not in every package."""
    return {place for p in (path, os.path.realpath(path)) for place in (p, p.removeprefix("/usr"))}


def debian_packages(files):
    """The names of the Debian packages that files come from."""
    wanted = sorted(set().union(*map(places, files)))
    # It fails, since most places are unknown to it.
    found = subprocess.run(["dpkg", "-S", *wanted], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    lines = [line.rpartition(": ") for line in found.stdout.splitlines() if not line.startswith("diversion ")]
    owners = {path: names.split(", ")[0] for names, _, path in lines}
    packages = {file: {owners[place] for place in places(file) if place in owners} for file in files}
    for file, names in packages.items():
        if not names:
            sys.exit(f"bill_of_materials: no Debian package has {file}")
    return set().union(*packages.values())


def supplier(kind, sender):
    """`Name <address>` as SPDX has it."""
    name, _, address = sender.partition(" <")
    return f"{kind}: {name} ({address.rstrip('>')})"


def parts_of(packages):
    """Source package to its version, supplier, home page, address as a package, and the file with its licence."""
    form = "${binary:Package}\t${source:Package}\t${source:Version}\t${Maintainer}\t${Homepage}\n"
    parts = {}
    for line in output_of("dpkg-query", "-W", "-f", form, *sorted(packages)).splitlines():
        package, source, version, maintainer, home = line.split("\t")
        parts[source] = {
            "version": version,
            "supplier": supplier("Organization", maintainer),
            "home": home,
            "purl": f"pkg:deb/debian/{source}@{version.replace('+', '%2B')}?arch=source",
            "licence": Path(f"/usr/share/doc/{package.split(':')[0]}/copyright"),
        }
    return parts


def pypi_parts(names):
    """The same of packages from PyPI that this Python has."""
    parts = {}
    for name in names:
        found = distribution(name)
        (licence,) = (file.locate() for file in found.files if file.name == "LICENSE")
        parts[name] = {
            "version": found.version,
            "supplier": supplier("Person", found.metadata["Author-email"]),
            "home": f"https://pypi.org/project/{name}",
            "purl": f"pkg:pypi/{name}@{found.version}",
            "licence": licence,
        }
    return parts


def toolkit_part(toolkit, version):
    """The same of NVIDIA's toolkit, whose runtime is compiled in."""
    places = ("EULA.txt", "dist-info/nvidia_cuda_runtime-*/licenses/License.txt")
    licences = [file for place in places for file in sorted(toolkit.glob(place))]
    if not licences:
        sys.exit(f"bill_of_materials: {toolkit} has no licence: neither {' nor '.join(places)}")
    return {
        "nvidia-cuda-toolkit": {
            "version": version,
            "supplier": "Organization: NVIDIA Corporation",
            "home": "https://developer.nvidia.com/cuda-toolkit",
            "purl": f"pkg:generic/nvidia-cuda-toolkit@{version}",
            "licence": licences[0],
        }
    }


def licence_of(source):
    name = re.sub(r"^(gcc|python3)[-.]\d+$", r"\1", source)
    if name not in LICENCES:
        sys.exit(f"bill_of_materials: {source} has no licence in the table of {__file__}")
    return LICENCES[name]


def spdx_id(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, licence, supplied_by, home, purl=None):
    """A package as SPDX has it."""
    entry = {
        "SPDXID": spdx_id(name),
        "name": name,
        "versionInfo": version,
        "supplier": supplied_by,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }
    if home:
        entry["homepage"] = home
    if purl:
        entry["externalRefs"] = [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
        ]
    return entry


def extracted_licences(parts):
    """The text of a licence that SPDX has no name for."""
    return [
        {
            "licenseId": licence_of(source),
            "name": source,
            "extractedText": part["licence"].read_text(errors="replace"),
        }
        for source, part in sorted(parts.items())
        if licence_of(source).startswith("LicenseRef-")
    ]


def bill(name, version, compiled_in, loaded):
    """The document; two dictionaries of parts, which may share some."""
    packages = [package(name, version, "MIT", "Organization: the sac_cuda authors", None)]
    packages[0]["primaryPackagePurpose"] = "APPLICATION"
    relationships = [("SPDXRef-DOCUMENT", "DESCRIBES", spdx_id(name))]
    for source, part in sorted({**compiled_in, **loaded}.items()):
        packages.append(
            package(source, part["version"], licence_of(source), part["supplier"], part["home"], part["purl"])
        )
        if source in compiled_in:
            relationships.append((spdx_id(name), "STATIC_LINK", spdx_id(source)))
        if source in loaded:
            relationships.append((spdx_id(name), "DYNAMIC_LINK", spdx_id(source)))
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", datetime.datetime.now().timestamp()))
    created = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    digest = hashlib.sha256(json.dumps(packages).encode()).hexdigest()[:16]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{name}-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{version}-{digest}",
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: sac_cuda-{Path(__file__).name}-{version}"],
        },
        "hasExtractedLicensingInfos": extracted_licences({**compiled_in, **loaded}),
        "packages": packages,
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
            for one, kind, other in relationships
        ],
    }


def copy_licences(parts, folder):
    """What is said of each part's licence, and the long licences that Debian's files only point to."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    common = set()
    for source, part in parts.items():
        copied = shutil.copyfile(part["licence"], folder / source)
        common |= set(re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", copied.read_text(errors="replace")))
    for name in common:
        shutil.copyfile(f"/usr/share/common-licenses/{name}", folder / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="of Ninja")
    parser.add_argument("--library", type=Path, required=True, help="that all libraries are loaded for")
    parser.add_argument("--pypi", default=[], nargs="*", metavar="NAME", help="packages that were compiled in")
    parser.add_argument("--gpu", action="store_true", help="that is the one for GPUs")
    parser.add_argument("--toolkit", type=Path, help="NVIDIA's, that was compiled with")
    parser.add_argument("--toolkit-version")
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    headers = headers_read(a.build, a.gpu)
    # In /usr it is Debian's, and its headers are found as all others are.
    toolkit = a.toolkit.resolve() if a.toolkit and a.toolkit != Path("/usr") else None
    of_toolkit = {header for header in headers if toolkit and Path(header).resolve().is_relative_to(toolkit)}
    compiled_in = {**parts_of(debian_packages(headers - of_toolkit)), **pypi_parts(a.pypi)}
    if of_toolkit:
        compiled_in |= toolkit_part(a.toolkit, a.toolkit_version)
    loaded = parts_of(debian_packages(libraries_loaded(a.library)))
    copy_licences({**compiled_in, **loaded}, a.out / "licences")
    name = "sac_cuda_gpu" if a.gpu else "sac_cuda"
    document = bill(name, a.version, compiled_in, loaded)
    (a.out / f"{name}.spdx.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
