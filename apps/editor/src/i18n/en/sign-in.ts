import type { Texts } from '../texts.ts';

export const signIn: Texts['signIn'] = {
  working: 'Signing in',
  password: 'Password',
  submit: 'Sign in',
  linkHint: 'Open the one-time link that the terminal printed when Kumiki was started.',
  passwordHint: 'If a password has been set, enter it here.',
  linkUsed: 'This link has been used or has expired. npx kumiki sign-in prints a new one in the terminal.',
  wrongPassword: 'The password is wrong.',
};
