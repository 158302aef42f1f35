"""Verifies an export from docs/security-model.md alone, with Python's standard library and the openssl command.

Usage: stranger.py EXPORT PUBLIC_KEY_PEM. Prints what it counted; exits 1 with the first thing that is wrong.
"""
import hashlib
import json
import subprocess
import sys
import tempfile


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def wrong(what):
    print(what)
    sys.exit(1)


def signed(what, hexdigest, signature, key_file):
    with tempfile.NamedTemporaryFile() as message, tempfile.NamedTemporaryFile() as sig:
        message.write(f"audit.{what}.signature.v1\0{hexdigest}".encode())
        message.flush()
        sig.write(bytes.fromhex(signature))
        sig.flush()
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key_file, "-rawin", "-in", message.name, "-sigfile", sig.name]
        return subprocess.run(command, capture_output=True).returncode == 0


def main(export, key_file):
    previous, promised, ends, counts = "0" * 64, {}, {}, {"checkpoints": 0, "events": 0}
    body = hashlib.sha256()
    for line in open(export, encoding="utf-8", newline="\n"):
        row = json.loads(line)
        if row["kind"] == "footer":
            if row["digest"] != body.hexdigest() or not signed("export", row["digest"], row["signature"], key_file):
                wrong("the footer does not fit")
            print(canonical(counts))
            return
        body.update(line.encode())
        if row["kind"] == "checkpoint":
            checkpoint = dict(row["checkpoint"])
            hexdigest, signature = checkpoint.pop("digest"), checkpoint.pop("signature")
            if checkpoint["previous"] != previous or digest("audit.checkpoint.v1\0" + canonical(checkpoint)) != hexdigest:
                wrong(f"checkpoint {checkpoint['number']} does not fit")
            if not signed("checkpoint", hexdigest, signature, key_file):
                wrong(f"checkpoint {checkpoint['number']} has a false signature")
            promised.update({(h["stream"], h["seq"]): h["hash"] for h in checkpoint["heads"]})
            previous, counts["checkpoints"] = hexdigest, counts["checkpoints"] + 1
        if row["kind"] == "event":
            event = dict(row["event"])
            own = event.pop("hash")
            place = f"{event['stream']} {event['seq']}"
            seq, before = ends.get(event["stream"], (0, "0" * 64))
            if event["seq"] != seq + 1 or event["prevHash"] != before or digest("audit.v1\0" + canonical(event)) != own:
                wrong(f"{place} does not follow")
            if promised.get((event["stream"], event["seq"]), own) != own:
                wrong(f"{place} is not what was signed")
            payload = row["payload"]
            if payload and digest(f"audit.payload.v1\0{payload['salt']}\0{canonical(payload['body'])}") != event["payloadDigest"]:
                wrong(f"{place} has another payload")
            ends[event["stream"]], counts["events"] = (event["seq"], own), counts["events"] + 1
    wrong("there is no footer")


main(*sys.argv[1:])
