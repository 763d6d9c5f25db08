export { withFileLock } from '@kumiki/node-sdk/file-lock';
