"""A Debian machine that cloud-init sets up from user data, as a VM of AWS does: a machine of machine.py with cloud-init, which finds
the user data in a directory (NoCloud). What the user data fetches comes from a server in the network of the machine."""

import hashlib
import json
import os
import re
import subprocess
import sys

from machine import Machine

PORT = 8000
SEED = "var/lib/cloud/seed/nocloud"
PACKAGES = ["ca-certificates", "cloud-init", "curl", "openssh-client", "openssl"]
# Find the user data in the seed alone, and leave the network as it is. There is no mirror to ask: do not wait between attempts.
SETTINGS = {
    "etc/cloud/cloud.cfg.d/99_test.cfg": "datasource_list: [NoCloud]\nnetwork: {config: disabled}\n",
    "etc/apt/apt.conf.d/99test": 'Acquire::Retries::Delay "false";\n',
}
# A server of files that keeps what it is sent.
SERVER = """
import http.server
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_PUT(self):
        with open("reports", "ab") as file:
            file.write(self.rfile.read(int(self.headers["Content-Length"])) + b"\\n")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", %d), Handler).serve_forever()
"""


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def localized(user_data, package, **values):
    """Return user data that fetch the package, and report, to the server of the machine; with other values of variables, too."""
    values = {"PACKAGE_URL": f"http://127.0.0.1:{PORT}/{os.path.basename(package)}?X-Amz-Signature=1", "PACKAGE_SHA256": digest(package),
              "AGENT_URL": f"http://127.0.0.1:{PORT}/agent.deb", "READY_URL": f"http://127.0.0.1:{PORT}/ready?a=1&b=2", **values}
    for name, value in values.items():
        user_data, n = re.subn(rf"^{name}='.*'$", f"{name}='{value}'", user_data, flags=re.M)
        assert n == 1, name
    return user_data


def make_agent(directory):
    """Make a package that stands for the SSM agent."""
    tree = os.path.join(directory, "agent", "DEBIAN")
    os.makedirs(tree)
    with open(os.path.join(tree, "control"), "w", encoding="utf-8") as file:
        file.write("Package: amazon-ssm-agent\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: none\n")
    subprocess.run(["dpkg-deb", "-b", os.path.dirname(tree), os.path.join(directory, "agent.deb")], stdout=subprocess.DEVNULL, check=True)


class CloudMachine(Machine):
    """A machine with user data. `directory` has the files that its server sends, and gets `reports`."""

    def __init__(self, packages, user_data, directory):
        self.user_data, self.directory, self.server = user_data, directory, None
        super().__init__(packages)

    def prepare(self):
        """Install cloud-init with its user data, before the first boot."""
        for path, text in SETTINGS.items():
            os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
            self.write(path, text)
        self.chroot("apt-get", "install", "-y", "--no-install-recommends", *PACKAGES)
        os.makedirs(os.path.join(self.root, SEED))
        self.write(SEED + "/meta-data", "instance-id: i-0123456789abcdef0\nlocal-hostname: vm\n")
        self.write(SEED + "/user-data", self.user_data)

    def write(self, path, text):
        with open(os.path.join(self.root, path), "w", encoding="utf-8") as file:
            file.write(text)

    def booted(self):
        """Serve the files, and wait until cloud-init has run the user data."""
        self.server = subprocess.Popen([*self.network(), sys.executable, "-c", SERVER % PORT], cwd=self.directory,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        super().booted()
        self.run("cloud-init", "status", "--wait")

    def reboot(self, user_data=None):
        """Boot again, with other user data if there are some, as AWS does where they change. On AWS, cloud-init reads them at each
        boot; NoCloud does if it has no copy of its own."""
        if user_data:
            self.write(SEED + "/user-data", user_data)
        self.run("rm", "-f", "/var/lib/cloud/instance/obj.pkl")
        self.stop_server()
        super().reboot()

    def stop_server(self):
        self.server.kill()
        self.server.wait()

    def __exit__(self, *_):
        self.stop_server()
        super().__exit__()

    def reports(self):
        """What the machine has told CloudFormation."""
        path = os.path.join(self.directory, "reports")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def said(self):
        """What the user data printed."""
        return self.run("cat", "/var/log/cloud-init-output.log").stdout
