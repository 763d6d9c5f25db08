export const signIn = {
  title: 'サインイン',
  working: 'サインインしています',
  password: 'パスワード',
  submit: 'サインイン',
  linkHint: '起動したターミナルに表示された、一回限りのリンクを開くとサインインできます。',
  passwordHint: 'パスワードを設定している場合は、ここに入力します。',
  linkUsed: 'このリンクは使用済みか、期限切れです。ターミナルで新しいリンクをつくってください。',
  wrongPassword: 'パスワードが違います。',
} as const;
