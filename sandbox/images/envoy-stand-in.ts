import { findEnvoy } from './find-envoy.ts'
import { addCertificates } from './certificates.ts'
import { RootFilesystem } from './root-filesystem.ts'
import type { StandIn } from './stand-in.ts'

/** As the published distroless image: one binary, no shell, user 65532. */
export async function envoyStandIn(version: string): Promise<StandIn> {
  const { binary } = await findEnvoy(version)
  const files = new RootFilesystem()
  await files.addBinary('/usr/local/bin/envoy', binary)
  await addCertificates(files)
  files
    .addDirectory('/tmp', 0o1777)
    .addDirectory('/etc/envoy')
    .add(
      '/etc/passwd',
      'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n',
    )
    .add('/etc/group', 'root:x:0:\nnonroot:x:65532:\n')
    .add('/etc/nsswitch.conf', 'hosts: files dns\n')
  return {
    files,
    changes: [
      'USER 65532:65532',
      'EXPOSE 10000',
      'ENTRYPOINT ["/usr/local/bin/envoy"]',
      'CMD ["-c", "/etc/envoy/envoy.yaml"]',
    ],
  }
}
