export const signIn = {
  working: 'サインインしています',
  password: 'パスワード',
  submit: 'サインイン',
  linkHint: '起動したターミナルに表示された、1 回限りのリンクを開くとサインインできます。',
  passwordHint: 'パスワードを設定している場合は、ここに入力します。',
  linkUsed:
    'このリンクは使用済みか、期限切れです。ターミナルで npx kumiki sign-in を実行すると、新しいリンクが表示されます。',
  wrongPassword: 'パスワードが違います。',
} as const;
