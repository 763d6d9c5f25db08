import type { Texts } from '../texts.ts';

export const dataSets: Texts['dataSets'] = {
  split: { train: 'Training', evaluation: 'Evaluation' },
  facts: '{{train}} for training · {{evaluation}} for evaluation',
  role: { system: 'Instructions', user: 'User', assistant: 'Assistant' },
  trained: 'learnt',
  unknownSpeaker: 'unknown speaker',
  line: 'line {{line}}',
  report: 'Found on the way',
  firstPlaces: 'The first {{number}} places are listed.',
  passages: '{{number}} passages that go with it',
  showAll: 'See all examples',
  all: 'Examples of the data set ({{number}})',
  filter: 'Examples to show',
  everything: 'All',
};
