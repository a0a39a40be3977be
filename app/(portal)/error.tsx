'use client';
/** 500 of a member's page, inside the frame: the rest of the portal goes on. */
export { default } from '@/app/error';
